"""What this service does when another one says something."""

from chassis.access import visibility
from services.escalations.handlers import conferences, directory

SUBSCRIPTIONS = (
    *directory.SUBSCRIPTIONS,
    *conferences.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
    visibility.BY_CONFERENCES,
)
