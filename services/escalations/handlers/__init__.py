"""What this service does when another one says something."""

from services.escalations.handlers import conferences, directory

SUBSCRIPTIONS = (*directory.SUBSCRIPTIONS, *conferences.SUBSCRIPTIONS)
