"""The HTTP face: who may ask, and for what."""

from services.notifications.directory import api as directory
from services.notifications.directory import coverage_api as coverage
from services.notifications.directory import transfer_api as transfer
from services.notifications.messages import api as messages
from services.notifications.messages import callbacks
from services.notifications.schedules import api as schedules

ROUTERS = (
    transfer.routes,
    directory.routes,
    coverage.routes,
    schedules.routes,
    messages.routes,
    callbacks.routes,
)
