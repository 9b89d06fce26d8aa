"""Escalations and positive challenges raised from a meeting, as the escalations service tells of them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from chassis.events.inbox import Receipt, ReceivedEvent


class RaisedColumns(SQLModel):
    """The columns of a service's table of what was raised from its meetings, besides the meeting."""

    reference: str = Column(primary_key=True)
    formal: bool
    raised_on: date
    closed_on: date | None = None


class Raised(ReceivedEvent):
    """Something was raised from a meeting."""

    source = "escalations"

    reference: str
    meeting_reference: str | None = None
    raised_on: date


class EscalationRaised(Raised):
    """A formal escalation was raised, perhaps from what a conference proposed."""

    type = "escalation.raised"

    proposal_id: UUID | None = None


class ChallengeRaised(Raised):
    """A positive challenge was raised."""

    type = "challenge.raised"


class EscalationClosed(Raised):
    """A formal escalation was closed."""

    type = "escalation.closed"

    closed_on: date


async def keep_raised(event: Raised, receipt: Receipt, table: Any, meeting: str, prefix: str) -> bool:
    """Keep in a service's table what was raised from its own meeting, whose reference is in the column `meeting`.

    It answers whether it was one. An event that arrives twice changes nothing, and the order does not matter.
    """
    if event.meeting_reference is None or not event.meeting_reference.startswith(prefix):
        return False
    closed = {"closed_on": event.closed_on} if isinstance(event, EscalationClosed) else {}
    row = {
        "reference": event.reference,
        meeting: event.meeting_reference,
        "formal": not isinstance(event, ChallengeRaised),
        "raised_on": event.raised_on,
    }
    kept = insert(table).values(row | closed)
    known = kept.on_conflict_do_update(index_elements=["reference"], set_=closed) if closed else None
    await receipt.session.exec(kept.on_conflict_do_nothing() if known is None else known)
    return True
