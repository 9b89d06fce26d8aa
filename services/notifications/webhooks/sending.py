"""Who is told outside: what the other services publish is passed on, and each endpoint has a sender of its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import structlog
from sqlalchemy.dialects.postgresql import insert

from chassis.base import clock
from chassis.base.http import http_client
from chassis.events.event import Outgoing
from chassis.events.inbox import Envelope, Receipt
from chassis.events.outbox import Outside, Recipients
from chassis.events.sender import Attempt, Recipient, Sender
from chassis.process import Process
from services.notifications.settings import settings_of
from services.notifications.webhooks.addresses import check_url
from services.notifications.webhooks.event_types import PUBLIC

TIMEOUT = httpx.Timeout(15, connect=5, pool=5)
CONNECTIONS = 10
GONE = 410

# The lock has those who remove an endpoint wait until its new deliveries are there, and removed as well.
WANTING = """
    SELECT fresh.id, endpoint.id::text FROM fresh JOIN webhook_endpoint endpoint
        ON endpoint.disabled_at IS NULL AND (endpoint.event_types = '{}' OR fresh.type = ANY (endpoint.event_types))
    FOR KEY SHARE OF endpoint
"""
ENABLED = """
    SELECT id::text AS name, url, secret, earlier_secret, earlier_secret_until
    FROM webhook_endpoint WHERE disabled_at IS NULL
"""
# One statement, so that no delivery is parked while its endpoint still receives events, or the reverse.
DISABLE = """
    WITH parked AS (
        UPDATE chassis.delivery SET parked_at = $2, due_at = NULL,
            attempts = attempts || CASE WHEN event_id = $4 THEN $5::jsonb ELSE '[]' END
        WHERE subscriber = $1 AND due_at IS NOT NULL
    )
    UPDATE webhook_endpoint SET disabled_at = $2, disabled_because = $3, version = version + 1
    WHERE id::text = $1 AND disabled_at IS NULL
"""

log = structlog.get_logger()


async def pass_on(events: Sequence[Envelope], receipt: Receipt) -> None:
    """Keep the public events of another service as they are, so that the relay tells them to those who want them."""
    rows = [
        {
            "id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "at": event.time,
            "data": event.data,
            "request_id": event.requestid,
        }
        for event in events
        if event.type in PUBLIC
    ]
    if rows:
        await receipt.session.exec(insert(Outgoing).values(rows).on_conflict_do_nothing())


class EndpointSender(Sender):
    """Sends to an endpoint outside; it is disabled when it says that it is gone."""

    @property
    def _may_be_private(self) -> bool:
        return settings_of(self._process).allow_private_webhook_addresses

    async def _run(self) -> None:
        async with http_client(TIMEOUT, per_host=CONNECTIONS, public_only=not self._may_be_private) as self._http:
            await super()._run()

    async def _post(self, message_id: str, body: str, media_type: str) -> Attempt:
        # A name is checked when it is resolved; an address that is written out is never resolved.
        if wrong := check_url(self.to.url, allow_private=self._may_be_private):
            return Attempt(clock.now().isoformat(), 0, None, wrong)
        return await super()._post(message_id, body, media_type)

    def _is_over(self, attempt: Attempt) -> bool:
        return attempt.status == GONE

    async def _end(self, event_id: UUID, attempt: Attempt) -> None:
        because = "It answered 410 Gone."
        await self._statements.rows(DISABLE, self.to.name, clock.now(), because, event_id, attempt.entry())
        self._held.discard(event_id)
        log.warning("endpoint_gone", subscriber=self.to.name)


async def recipients(process: Process) -> Recipients:
    """The endpoints that receive events at this moment, by their identifiers."""
    rows = await process.database.statements.rows(ENABLED)
    return {row["name"]: _recipient(row) for row in rows}


def _recipient(row: Any) -> Recipient:
    secrets = [row["secret"]]
    if row["earlier_secret"] and row["earlier_secret_until"] > clock.now():
        secrets.append(row["earlier_secret"])
    return Recipient(row["name"], row["url"], tuple(secrets), EndpointSender)


OUTSIDE = Outside(WANTING, recipients)
