"""The HTTP face: who may ask, and for what."""

from services.conferences.api import (
    after,
    between,
    children,
    closing,
    conferences,
    contributions,
    diary,
    document,
    figures,
    history,
    invitations,
    lists,
    requests,
    returns,
    services,
    taking_back,
    timescales,
)

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
    services.routes,
    timescales.routes,
)
