"""What this service does when another one says something."""

from chassis.access import visibility_replica
from services.notifications.handlers import after_conferences, conferences, escalations, handing_over, reviews

SUBSCRIPTIONS = (
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    *conferences.SUBSCRIPTIONS,
    *after_conferences.SUBSCRIPTIONS,
    *handing_over.SUBSCRIPTIONS,
    visibility_replica.BY_REVIEWS,
    visibility_replica.BY_CONFERENCES,
)
