"""The HTTP face: who may ask, and for what."""

from services.reviews import internal, timescales
from services.reviews.calendar import api as diary
from services.reviews.chairs import api as allocations
from services.reviews.children import api as children
from services.reviews.decisions import api as after
from services.reviews.figures import api as figures
from services.reviews.imports import api as history
from services.reviews.meetings import api as reviews
from services.reviews.returns import api as returns
from services.reviews.visits import api as between
from services.reviews.visits import void_api as taking_back

# They are asked in this order whether a path is theirs: what is asked for most comes as early as it can.
ROUTERS = (
    # Before single records, among which `import-template` would be looked for.
    history.routes,
    children.routes,
    reviews.routes,
    allocations.routes,
    after.routes,
    between.routes,
    taking_back.routes,
    diary.routes,
    figures.routes,
    returns.routes,
    internal.routes,
    timescales.routes,
)
