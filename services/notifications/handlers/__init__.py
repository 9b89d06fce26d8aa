"""What this service does when another one says something."""

from chassis.access import visibility
from services.notifications.handlers import after_conferences, conferences, escalations, handing_over, reviews

SUBSCRIPTIONS = (
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    *conferences.SUBSCRIPTIONS,
    *after_conferences.SUBSCRIPTIONS,
    *handing_over.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
    visibility.BY_CONFERENCES,
)
