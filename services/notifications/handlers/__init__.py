"""What this service does when another one says something."""

from services.notifications.handlers import escalations, reviews

SUBSCRIPTIONS = (*escalations.SUBSCRIPTIONS, *reviews.SUBSCRIPTIONS)
