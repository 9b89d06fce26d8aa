"""Lists of endpoints and of their deliveries, rendered by PostgreSQL."""

from sqlalchemy import Text, cast, literal_column, select
from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal, matching
from chassis.events.deliveries import Delivery
from chassis.events.event import Outgoing
from chassis.web.pagination import JsonRows
from services.notifications.webhooks.models import WebhookEndpoint

ENDPOINTS = JsonRows(
    select(*columns(WebhookEndpoint, "secret", "earlier_secret", "earlier_secret_until")),
    filters=equal(WebhookEndpoint, "id"),
    order=[col(WebhookEndpoint.id).desc()],
)
_STATE = (
    "CASE WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN parked_at IS NOT NULL THEN 'parked' ELSE 'waiting' END"
)
DELIVERIES = JsonRows(
    select(
        col(WebhookEndpoint.id).label("endpoint_id"),
        col(Delivery.event_id),
        col(Outgoing.type).label("event_type"),
        col(Outgoing.subject),
        col(Outgoing.at).label("happened_at"),
        literal_column(_STATE).label("state"),
        col(Delivery.due_at),
        col(Delivery.delivered_at),
        col(Delivery.parked_at),
        col(Delivery.tries),
        col(Delivery.attempts),
    )
    .join(Outgoing, col(Outgoing.id) == col(Delivery.event_id))
    .join(WebhookEndpoint, cast(col(WebhookEndpoint.id), Text) == col(Delivery.subscriber)),
    filters=matching(col(WebhookEndpoint.id), "endpoint_id")
    | matching(col(Delivery.event_id), "event_id")
    | matching(col(Outgoing.type), "event_type")
    | matching(literal_column(_STATE, Text), "state"),
    order=[col(Delivery.event_id).desc(), col(Delivery.subscriber).desc()],
)
