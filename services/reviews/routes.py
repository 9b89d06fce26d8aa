"""The routers of this service."""

from chassis.children import found
from chassis.meetings import codes
from services.reviews import internal, timescales
from services.reviews.calendar import api as calendar
from services.reviews.chairs import api as chairs
from services.reviews.children import api as children
from services.reviews.decisions import api as decisions
from services.reviews.disruption import api as disruption
from services.reviews.feedback import api as feedback
from services.reviews.figures import api as figures
from services.reviews.imports import api as imports
from services.reviews.leaving_care import api as leaving_care
from services.reviews.meetings import api as meetings
from services.reviews.prompts import api as prompts
from services.reviews.records import api as records
from services.reviews.records import pages as record_pages
from services.reviews.returns import api as returns
from services.reviews.visits import api as visits

# The first router that knows a path answers: those used most come first.
ROUTERS = (
    # Before single records, among which `import-template` would be looked for.
    imports.routes,
    children.routes,
    # Before single reviews, among which `disruption-referrals` would be looked for.
    disruption.routes,
    records.links,
    meetings.routes,
    meetings.INVITATION_ROUTES,
    chairs.routes,
    chairs.internal,
    decisions.routes,
    records.routes,
    visits.routes,
    prompts.routes,
    leaving_care.routes,
    feedback.routes,
    calendar.routes,
    figures.routes,
    returns.routes,
    internal.routes,
    internal.TOGETHER,
    codes.routes,
    record_pages.issuing_routes,
    found.routes,
    timescales.routes,
)
