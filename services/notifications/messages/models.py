"""Messages, and the addresses to which nothing is sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, Field

from chassis.base.fields import new_id
from chassis.db.columns import TEXTS, records
from chassis.db.database import moment
from services.notifications.models import Base, Shared
from services.notifications.moves import CODE, OF_MESSAGE
from services.notifications.rules import MessageState


class MessageBase(Shared):
    """A message in the log."""

    template: str
    recipient_id: str
    address: str = Field(description="Empty for a letter to print.")
    subject: str
    schedule: str | None = None
    period: str | None = None
    state: MessageState = Field(sa_type=AutoString)
    queued_at: datetime = moment()
    due_at: datetime | None = moment(nullable=True, description="When it will be sent or tried next.")
    tries: int
    sent_at: datetime | None = moment(nullable=True)
    delivered_at: datetime | None = moment(nullable=True)
    failed_at: datetime | None = moment(nullable=True)
    printed_at: datetime | None = moment(nullable=True, description="When a letter was printed.")
    printed_by: str | None = None
    print_run_id: UUID | None = Field(default=None, description="The letters that were printed in one go with it.")
    failure: str | None = None
    resent_from: UUID | None = None


class Message(Base, MessageBase, table=True):
    """An email to one person, or a letter to print for somebody without an address.

    `due_at` is when an email is sent or tried again; null if there is nothing left to do.

    `outcome_at` is the provider's own time of what became of it: an earlier outcome that comes later changes nothing.

    `counts` are its numbers by name, which the next message of its schedule shows beside its own.

    `person_ids` are the children that it is about; null if it lists many.

    `letter` is what a letter says, as `{version, chair_id, reference, parent_in, blocks}`; to which name and address is
    looked up when it is printed.

    Where the words name an answer link they hold a placeholder; the link itself is kept until it was sent.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    html: str
    text: str
    calendar: str | None = None
    answer_link: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    answer_url: str | None = None
    letter: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    person_ids: list[str] | None = Field(default=None, sa_type=TEXTS)
    counts: dict[str, int] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    tries: int = 0
    outcome_at: datetime | None = moment(nullable=True)
    attempts: list[dict[str, Any]] = records()
    provider_reference: str | None = None

    @property
    def can(self) -> list[str]:
        """What the caller can do with it as it stands now."""
        return OF_MESSAGE.possible(CODE if self.template == CODE else self.state)


class SuppressionBase(Shared):
    """An address to which nothing is sent."""

    address: str = Field(primary_key=True)
    reason: str
    since: datetime = moment()
    by: str


class Suppression(Base, SuppressionBase, table=True):
    """An address to which nothing is sent."""
