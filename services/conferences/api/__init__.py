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
    timescales,
)

ROUTERS = (
    services.routes,
    timescales.routes,
    # Before single records, among which `import-template` would be looked for.
    history.routes,
    children.routes,
    requests.routes,
    # Before single conferences, among which `diary` would be looked for.
    diary.routes,
    lists.routes,
    figures.routes,
    conferences.routes,
    invitations.routes,
    contributions.routes,
    closing.routes,
    after.routes,
    document.routes,
    between.routes,
    returns.routes,
)
