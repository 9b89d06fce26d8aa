"""The HTTP face: who may ask, and for what."""

from chassis.children import found
from chassis.meetings import codes
from services.conferences import internal, timescales
from services.conferences.calendar import api as calendar
from services.conferences.chairs import api as chairs
from services.conferences.checks import api as checks
from services.conferences.children import api as children
from services.conferences.contributions import api as contributions
from services.conferences.core_groups import api as core_groups
from services.conferences.enquiries import api as enquiries
from services.conferences.feedback import api as feedback
from services.conferences.figures import api as figures
from services.conferences.imports import api as imports
from services.conferences.meetings import api as meetings
from services.conferences.plans import api as plans
from services.conferences.proposals import api as proposals
from services.conferences.records import api as records
from services.conferences.records import pages as record_pages
from services.conferences.returns import api as returns

# They are asked in this order whether a path is theirs: what is asked for most comes as early as it can.
ROUTERS = (
    # Before single records, among which `import-template` and `diary` would be looked for.
    imports.routes,
    calendar.routes,
    enquiries.routes,
    proposals.routes,
    meetings.routes,
    children.routes,
    plans.routes,
    contributions.routes,
    contributions.INVITATION_ROUTES,
    records.links,
    records.routes,
    core_groups.routes,
    checks.routes,
    feedback.routes,
    figures.routes,
    returns.routes,
    chairs.internal,
    internal.routes,
    internal.TOGETHER,
    codes.routes,
    record_pages.issuing_routes,
    found.routes,
    timescales.routes,
)
