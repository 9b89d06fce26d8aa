"""The HTTP face: who may ask, and for what."""

from services.conferences import internal, timescales
from services.conferences.calendar import api as diary
from services.conferences.checks import api as between
from services.conferences.checks import void_api as taking_back
from services.conferences.children import api as children
from services.conferences.contributions import api as contributions
from services.conferences.contributions import invitations_api as invitations
from services.conferences.enquiries import api as requests
from services.conferences.figures import api as figures
from services.conferences.imports import api as history
from services.conferences.meetings import api as conferences
from services.conferences.plans import api as lists
from services.conferences.proposals import api as closing
from services.conferences.records import api as after
from services.conferences.records import document_api as document
from services.conferences.returns import api as returns

# They are asked in this order whether a path is theirs: what is asked for most comes as early as it can.
ROUTERS = (
    # Before single records, among which `import-template` and `diary` would be looked for.
    history.routes,
    diary.routes,
    conferences.routes,
    children.routes,
    requests.routes,
    lists.routes,
    invitations.routes,
    contributions.routes,
    closing.routes,
    after.routes,
    between.routes,
    taking_back.routes,
    document.routes,
    figures.routes,
    returns.routes,
    internal.routes,
    timescales.routes,
)
