"""The HTTP face: who may ask, and for what."""

from services.escalations.api import answers, escalations, figures, history, informal, moves, services

ROUTERS = (
    history.routes,
    services.routes,
    escalations.routes,
    moves.routes,
    answers.routes,
    informal.routes,
    figures.routes,
)
