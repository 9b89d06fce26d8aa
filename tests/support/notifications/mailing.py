"""A mailer that a test drives by hand, and messages for it to send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.access.callers import Role
from chassis.base import clock
from services.notifications.emails import ANSWER_LINK
from services.notifications.mailer.queue import Mailer, way_of
from services.notifications.messages.models import Message
from services.notifications.rules import MessageState
from tests.support.serving import Client

ADDRESS = "officer-1@example.org"


@dataclass
class Mailing:
    """A notifications service whose mailer only sends when it is told to."""

    client: Client
    mailer: Mailer

    async def queue(self, **more: Any) -> UUID:
        """Put a message into the queue."""
        now = clock.now()
        values: dict[str, Any] = {
            "template": "quarterly",
            "recipient_id": "officer-1",
            "address": ADDRESS,
            "subject": "A subject",
            "html": f'<p><a href="{ANSWER_LINK}">Answer</a></p>',
            "text": f"Answer: {ANSWER_LINK}\n",
            "answer_url": "http://127.0.0.1/answer/secret",
            "state": MessageState.QUEUED,
            "queued_at": now,
            "due_at": now,
        }
        message = Message(**values | more)
        async with self.client.process.database.transaction() as session:
            session.add(message)
        return message.id

    async def row(self, message_id: UUID) -> Any:
        """A message as it is kept."""
        return await self.client.process.database.statements.first_row(
            "SELECT * FROM message WHERE id = $1", message_id
        )

    async def send(self, later: timedelta = timedelta(0)) -> int:
        """Have the mailer send what is due then; how many messages it took."""
        with clock.shifted(later):
            return await self.mailer.send_due()

    def manager(self) -> dict[str, str]:
        """The headers of a team manager's request."""
        return self.client.as_(Role.TEAM_MANAGER, subject="manager-1")


@asynccontextmanager
async def mailing(client: Client) -> AsyncIterator[Mailing]:
    """A mailer on a running service's own settings."""
    way = way_of(client.process)
    try:
        yield Mailing(client, Mailer(client.process, way))
    finally:
        await way.close()
