"""The state of the outbox: which event is on its way to whom, and what was answered.

A delivery waits (`due_at`), was delivered, or is parked after its last try until somebody has it sent again.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlmodel import Field as Column

from chassis.base import clock
from chassis.base.settings import Settings
from chassis.db.columns import records
from chassis.db.connecting import connect
from chassis.db.database import Base, moment
from chassis.db.leases import Queue

# What was taken by a process that died is sent by another after this time.
LEASE = timedelta(seconds=120)
# On which the relay is woken.
CHANNEL = "outgoing"


class Delivery(Base, table=True):
    """One event on its way to one subscriber: a service of ours by its name, or an outside endpoint by its id."""

    event_id: UUID = Column(sa_column_args=[ForeignKey("chassis.outgoing.id")], primary_key=True)
    subscriber: str = Column(primary_key=True)
    due_at: datetime | None = moment(nullable=True)
    tries: int = 0
    attempts: list[dict[str, Any]] = records()
    delivered_at: datetime | None = moment(nullable=True)
    parked_at: datetime | None = moment(nullable=True)


QUEUE = Queue(
    "chassis.delivery",
    key="event_id, subscriber",
    columns="event.id, event.source, queued.tries, event.type, event.subject, event.at, event.data::text AS data, "
    "event.request_id",
    joined="JOIN chassis.outgoing event ON event.id = taken.event_id",
    lease=LEASE,
)

# An event that is passed on was told to our own services by its publisher.
ADDRESS = """
    WITH fresh AS (
        UPDATE chassis.outgoing SET addressed_at = $1 WHERE id IN (
            SELECT id FROM chassis.outgoing WHERE addressed_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
        ) RETURNING id, type, source
    ), outside (event_id, subscriber) AS (
        {outside}
    ), made AS (
        INSERT INTO chassis.delivery (event_id, subscriber, due_at)
        SELECT id, unnest($3::text[]), $1 FROM fresh WHERE source IS NULL
        UNION ALL
        SELECT event_id, subscriber, $1 FROM outside
        ON CONFLICT DO NOTHING RETURNING subscriber
    )
    SELECT (SELECT count(*) FROM fresh) AS events, array(SELECT DISTINCT subscriber FROM made) AS subscribers
"""
WAITING = "SELECT subscriber, min(due_at) AS due_at FROM chassis.delivery WHERE due_at IS NOT NULL GROUP BY subscriber"
DELIVERED = """
    UPDATE chassis.delivery delivery SET delivered_at = $1, due_at = NULL, attempts = attempts || settled.attempt
    FROM unnest($3::uuid[], $4::text[]::jsonb[]) AS settled (event_id, attempt)
    WHERE subscriber = $2 AND delivery.event_id = settled.event_id AND due_at IS NOT NULL
"""
FAILED = """
    UPDATE chassis.delivery SET due_at = $4, parked_at = CASE WHEN $4::timestamptz IS NULL THEN $1::timestamptz END,
        attempts = attempts || $5::jsonb
    WHERE subscriber = $2 AND event_id = $3 AND due_at IS NOT NULL
"""
GIVEN_BACK = """
    UPDATE chassis.delivery SET due_at = $1, tries = tries - 1
    WHERE subscriber = $2 AND event_id = ANY ($3) AND due_at IS NOT NULL
"""
PARK = "UPDATE chassis.delivery SET parked_at = $1, due_at = NULL WHERE subscriber = $2 AND due_at IS NOT NULL"
SEND_AGAIN = """
    UPDATE chassis.delivery SET due_at = $1, tries = 0, delivered_at = NULL, parked_at = NULL
    WHERE subscriber = $2 AND (parked_at IS NOT NULL OR event_id IN (SELECT id FROM chassis.outgoing WHERE at >= $3))
    RETURNING event_id
"""
FORGET = "DELETE FROM chassis.outgoing WHERE id IN (SELECT id FROM chassis.outgoing old WHERE at < $1 \
    AND addressed_at IS NOT NULL AND NOT EXISTS (SELECT FROM chassis.delivery \
    WHERE event_id = old.id AND delivered_at IS NULL) LIMIT 10000)"
STATE = """
    SELECT (SELECT extract(epoch FROM $1 - min(at)) FROM chassis.outgoing WHERE addressed_at IS NULL) AS unaddressed,
        (SELECT extract(epoch FROM $1 - min(event.at)) FROM chassis.delivery JOIN chassis.outgoing event
            ON event.id = event_id WHERE due_at IS NOT NULL) AS undelivered,
        (SELECT count(*) FROM chassis.delivery WHERE due_at IS NOT NULL) AS waiting,
        (SELECT count(*) FROM chassis.delivery WHERE parked_at IS NOT NULL) AS parked
"""


async def send_again(settings: Settings, subscriber: str, since: datetime | None) -> int:
    """Send a subscriber again what is parked, and all that happened since a moment, even if it arrived; how much."""
    connection = await connect(settings, "deliveries")
    try:
        return len(await connection.fetch(SEND_AGAIN, clock.now(), subscriber, since))
    finally:
        await connection.close()
