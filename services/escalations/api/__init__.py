"""The HTTP face: who may ask, and for what."""

from services.escalations.api import answers, escalations, figures, history, informal, moves, services

# They are asked in this order whether a path is theirs: what is asked for most comes as early as it can.
ROUTERS = (
    # Before single records, among which `import-template` or `open` would be looked for.
    history.routes,
    services.routes,
    escalations.routes,
    moves.routes,
    answers.routes,
    informal.routes,
    figures.routes,
)
