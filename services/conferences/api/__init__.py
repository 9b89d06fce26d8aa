"""The HTTP face: who may ask, and for what."""

from services.conferences.api import children, closing, conferences, invitations, requests, services, timescales

ROUTERS = (
    services.routes,
    timescales.routes,
    children.routes,
    requests.routes,
    conferences.routes,
    invitations.routes,
    closing.routes,
)
