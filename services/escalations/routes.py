"""The HTTP face: who may ask, and for what."""

from services.escalations import internal
from services.escalations.answers import api as answers
from services.escalations.challenges import api as informal
from services.escalations.escalations import api as escalations
from services.escalations.figures import api as figures
from services.escalations.imports import api as history

# They are asked in this order whether a path is theirs: what is asked for most comes as early as it can.
ROUTERS = (
    # Before single records, among which `import-template` or `open` would be looked for.
    history.routes,
    internal.routes,
    escalations.routes,
    answers.routes,
    informal.routes,
    figures.routes,
)
