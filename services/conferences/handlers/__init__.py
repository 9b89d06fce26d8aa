"""What this service does when another one says something."""

from chassis.access import visibility
from services.conferences.handlers import directory, escalations, reviews

SUBSCRIPTIONS = (
    *directory.SUBSCRIPTIONS,
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
)
