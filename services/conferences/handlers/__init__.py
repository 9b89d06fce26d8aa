"""What this service does when another one says something."""

from services.conferences.handlers import directory, escalations, reviews

SUBSCRIPTIONS = (*directory.SUBSCRIPTIONS, *escalations.SUBSCRIPTIONS, *reviews.SUBSCRIPTIONS)
