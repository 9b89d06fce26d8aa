"""The HTTP face: who may ask, and for what."""

from services.reviews.api import (
    after,
    allocations,
    between,
    children,
    diary,
    figures,
    history,
    returns,
    reviews,
    services,
    taking_back,
    timescales,
)

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
    services.routes,
    timescales.routes,
)
