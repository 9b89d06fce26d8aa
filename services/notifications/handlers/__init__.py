"""What this service does when others publish events."""

from chassis.access import visibility
from services.notifications.handlers import conference_follow_up, conferences, escalations, handovers, reviews

SUBSCRIPTIONS = (
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    *conferences.SUBSCRIPTIONS,
    *conference_follow_up.SUBSCRIPTIONS,
    *handovers.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
    visibility.BY_CONFERENCES,
)
