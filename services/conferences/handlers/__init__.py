"""What this service does when another one says something."""

from chassis.access import visibility
from chassis.events.directory_replica import AGENCIES, AREAS, COLLEAGUES
from services.conferences.handlers import escalations, reviews

SUBSCRIPTIONS = (
    COLLEAGUES,
    AGENCIES,
    AREAS,
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
)
