"""What this service hears of others: who is in the directory."""

from chassis.events.directory_replica import AREAS, COLLEAGUES

SUBSCRIPTIONS = (AREAS, COLLEAGUES)
