"""The HTTP face: who may ask, and for what."""

from services.notifications import internal
from services.notifications.directory import api as directory
from services.notifications.directory import file_api as directory_files
from services.notifications.directory import photographs
from services.notifications.hand_overs import api as hand_overs
from services.notifications.letters import api as letters
from services.notifications.messages import api as messages
from services.notifications.schedules import api as schedules
from services.notifications.webhooks import api as webhooks

ROUTERS = (
    directory_files.routes,
    directory.routes,
    photographs.routes,
    hand_overs.routes,
    schedules.routes,
    letters.routes,
    messages.routes,
    messages.callbacks,
    webhooks.routes,
    internal.routes,
)
