"""The HTTP face: who may ask, and for what."""

from services.notifications.api import callbacks, coverage, directory, messages, schedules, transfer

ROUTERS = (
    transfer.routes,
    directory.routes,
    coverage.routes,
    schedules.routes,
    messages.routes,
    callbacks.routes,
)
