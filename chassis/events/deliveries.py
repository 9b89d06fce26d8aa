"""The state of the outbox: who receives events, which event is on its way to whom, and what was answered.

A delivery waits (`due_at`), was delivered, or is parked after its last try until somebody has it sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from pydantic import SecretStr
from sqlalchemy import ForeignKey
from sqlmodel import Field as Column

from chassis.base import clock
from chassis.base.fields import new_id
from chassis.db.columns import TEXTS, Shared, records
from chassis.db.database import Base, moment
from chassis.db.leases import Queue
from chassis.db.statements import Statements
from chassis.process import Process

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
    columns="event.id, queued.tries, event.type, event.subject, event.at, event.data::text AS data, event.request_id",
    joined="JOIN chassis.outgoing event ON event.id = taken.event_id",
    lease=LEASE,
)

ADDRESS = """
    WITH fresh AS (
        UPDATE chassis.outgoing SET addressed_at = $1 WHERE id IN (
            SELECT id FROM chassis.outgoing WHERE addressed_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
        ) RETURNING id, type
    ), made AS (
        INSERT INTO chassis.delivery (event_id, subscriber, due_at)
        SELECT id, unnest($3::text[]), $1 FROM fresh
        UNION ALL
        SELECT fresh.id, endpoint.id::text, $1 FROM fresh JOIN chassis.webhook_endpoint endpoint
            ON endpoint.disabled_at IS NULL AND (endpoint.event_types = '{}' OR fresh.type = ANY (endpoint.event_types))
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
    WHERE subscriber = $2 AND event_id = ANY ($3) AND due_at IS NOT NULL
"""
GIVEN_BACK = """
    UPDATE chassis.delivery SET due_at = $1, tries = tries - 1
    WHERE subscriber = $2 AND event_id = ANY ($3) AND due_at IS NOT NULL
"""
PARKED = "UPDATE chassis.delivery SET parked_at = $1, due_at = NULL WHERE subscriber = $2 AND due_at IS NOT NULL"
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


async def park_all(statements: Statements, subscriber: str, now: datetime) -> None:
    """Park what still waits for a subscriber that is gone."""
    await statements.rows(PARKED, now, subscriber)


ENABLED = """
    SELECT id::text AS name, url, secret, earlier_secret, earlier_secret_until
    FROM chassis.webhook_endpoint WHERE disabled_at IS NULL
"""
# One statement, so that no delivery is parked while its endpoint still receives events, or the reverse.
GONE = """
    WITH parked AS (
        UPDATE chassis.delivery SET parked_at = $2, due_at = NULL,
            attempts = attempts || CASE WHEN event_id = $4 THEN $5::jsonb ELSE '[]' END
        WHERE subscriber = $1 AND due_at IS NOT NULL
    )
    UPDATE chassis.webhook_endpoint SET disabled_at = $2, disabled_because = $3, version = version + 1
    WHERE id::text = $1 AND disabled_at IS NULL
"""


class WebhookEndpointBase(Shared):
    """An endpoint outside this system that receives events."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    url: str
    description: str
    event_types: list[str] = Column(sa_type=TEXTS)
    created_at: datetime = moment()
    created_by: str
    disabled_at: datetime | None = moment(nullable=True)
    disabled_because: str | None = Column(default=None, description="Why it no longer receives events.")
    version: int = 1


class WebhookEndpoint(Base, WebhookEndpointBase, table=True):
    """An endpoint outside this system that receives events; no event types at all means all of them.

    A rotated secret stays valid for a day, so that its owner can change over without losing an event.
    """

    secret: str
    earlier_secret: str | None = None
    earlier_secret_until: datetime | None = moment(nullable=True)


@dataclass(frozen=True)
class Recipient:
    """A subscriber as a sender needs it; our own services take batches."""

    name: str
    url: str
    secrets: tuple[str, ...]
    is_own: bool
    http: httpx.AsyncClient


def own_recipients(process: Process) -> dict[str, Recipient]:
    """Our own services that receive events, by name."""
    return {
        own.name: Recipient(own.name, own.url, tuple(map(SecretStr.get_secret_value, own.secrets)), True, process.http)
        for own in process.settings.webhook_subscribers
    }


async def all_recipients(process: Process, outside: httpx.AsyncClient) -> dict[str, Recipient]:
    """Everybody who receives events at this moment, by name."""
    others = [_outside(row, outside) for row in await process.database.statements.rows(ENABLED)]
    return own_recipients(process) | {recipient.name: recipient for recipient in others}


def _outside(row: Any, http: httpx.AsyncClient) -> Recipient:
    secrets = [row["secret"]]
    if row["earlier_secret"] and row["earlier_secret_until"] > clock.now():
        secrets.append(row["earlier_secret"])
    return Recipient(row["name"], row["url"], tuple(secrets), False, http)


async def disable(process: Process, name: str, because: str, event_id: UUID, attempt: str) -> None:
    """Send an outside endpoint nothing more, because it said so in this attempt; park what still waits for it."""
    await process.database.statements.rows(GONE, name, clock.now(), because, event_id, attempt)
