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
    timescales,
)

ROUTERS = (
    history.routes,
    services.routes,
    timescales.routes,
    children.routes,
    allocations.routes,
    reviews.routes,
    after.routes,
    between.routes,
    diary.routes,
    figures.routes,
    returns.routes,
)
