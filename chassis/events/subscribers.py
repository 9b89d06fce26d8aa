"""Who is told a service's events: our own services by configuration, and whoever registered an endpoint."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import SecretStr
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field as Column

from chassis.base import clock
from chassis.base.ids import new_id
from chassis.db.database import moment
from chassis.db.tables import Base
from chassis.process import Process

ENABLED = """
    SELECT id::text AS name, url, secret, earlier_secret, earlier_secret_until
    FROM chassis.webhook_endpoint WHERE disabled_at IS NULL
"""
# One statement, so that nobody ever sees a delivery parked by an endpoint that is still told events, or the reverse.
GONE = """
    WITH parked AS (
        UPDATE chassis.delivery SET parked_at = $2, due_at = NULL,
            attempts = attempts || CASE WHEN event_id = $4 THEN $5::jsonb ELSE '[]' END
        WHERE subscriber = $1 AND due_at IS NOT NULL
    )
    UPDATE chassis.webhook_endpoint SET disabled_at = $2, disabled_because = $3, version = version + 1
    WHERE id::text = $1 AND disabled_at IS NULL
"""


class WebhookEndpoint(Base, table=True):
    """An address outside this system that is told events; no event types at all means all of them.

    A rotated secret stays valid for a day, so that its owner can change over without losing an event.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    url: str
    description: str
    event_types: list[str] = Column(sa_type=ARRAY(Text))
    secret: str
    earlier_secret: str | None = None
    earlier_secret_until: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
    created_by: str
    disabled_at: datetime | None = moment(nullable=True)
    disabled_because: str | None = None
    version: int = 1


@dataclass(frozen=True)
class Recipient:
    """A subscriber as a sender needs it; our own services take batches."""

    name: str
    url: str
    secrets: tuple[str, ...]
    is_own: bool
    http: httpx.AsyncClient


def own_recipients(process: Process) -> dict[str, Recipient]:
    """Our own services that are told events, by name."""
    return {
        one.name: Recipient(one.name, one.url, tuple(map(SecretStr.get_secret_value, one.secrets)), True, process.http)
        for one in process.settings.webhook_subscribers
    }


async def all_recipients(process: Process, outside: httpx.AsyncClient) -> dict[str, Recipient]:
    """Everybody who is told events at this moment, by name."""
    others = [_outside(row, outside) for row in await process.database.statements.rows(ENABLED)]
    return own_recipients(process) | {recipient.name: recipient for recipient in others}


def _outside(row: Any, http: httpx.AsyncClient) -> Recipient:
    secrets = [row["secret"]]
    if row["earlier_secret"] and row["earlier_secret_until"] > clock.now():
        secrets.append(row["earlier_secret"])
    return Recipient(row["name"], row["url"], tuple(secrets), False, http)


async def disable(process: Process, name: str, because: str, event_id: UUID, attempt: str) -> None:
    """Tell an outside endpoint nothing more, because it said so in this attempt; park what still waits for it."""
    await process.database.statements.rows(GONE, name, clock.now(), because, event_id, attempt)
