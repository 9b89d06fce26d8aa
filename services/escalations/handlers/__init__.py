"""What this service does when another one says something."""

from chassis.access import visibility_replica
from services.escalations.handlers import conferences, directory

SUBSCRIPTIONS = (
    *directory.SUBSCRIPTIONS,
    *conferences.SUBSCRIPTIONS,
    visibility_replica.BY_REVIEWS,
    visibility_replica.BY_CONFERENCES,
)
