"""What this service does when the directory changes, or when an escalation was raised from a review."""

from datetime import date
from typing import ClassVar

from pydantic import Field
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from chassis.copies import Copied, subscription
from chassis.inbox import Heard, Hearing, Subscription
from services.reviews.actions.cases import AREA, COLLEAGUE
from services.reviews.rules.vocabulary import DeadlineKind
from services.reviews.tables import Deadline, RaisedEscalation


class ColleagueChanged(Copied):
    """A colleague came, changed or left."""

    source: ClassVar[str] = "notifications"
    type: ClassVar[str] = "directory.colleague_changed"

    roles: list[str] = Field(default_factory=list)
    area_id: str | None = None
    full_time_equivalent: float | None = None


class AreaChanged(Copied):
    """An area changed."""

    source: ClassVar[str] = "notifications"
    type: ClassVar[str] = "directory.area_changed"


class Raised(Heard):
    """What is read of something that was raised from a meeting."""

    source: ClassVar[str] = "escalations"

    reference: str
    meeting_reference: str | None = None
    raised_on: date


class EscalationRaised(Raised):
    """A formal escalation was raised."""

    type: ClassVar[str] = "escalation.raised"


class ChallengeRaised(Raised):
    """A positive challenge was raised."""

    type: ClassVar[str] = "challenge.raised"


class EscalationClosed(Heard):
    """A formal escalation was closed."""

    source: ClassVar[str] = "escalations"
    type: ClassVar[str] = "escalation.closed"

    reference: str
    closed_on: date


async def keep_escalation(event: EscalationRaised, hearing: Hearing) -> None:
    """Keep the link from a review to the escalation that was raised from it; a missing plan is escalated by it."""
    await _keep(event, hearing, formal=True)


async def keep_challenge(event: ChallengeRaised, hearing: Hearing) -> None:
    """Keep the link from a review to the positive challenge that was raised from it."""
    await _keep(event, hearing, formal=False)


async def close_escalation(event: EscalationClosed, hearing: Hearing) -> None:
    """Remember that an escalation was closed."""
    row = update(RaisedEscalation).where(col(RaisedEscalation.reference) == event.reference)
    await hearing.session.exec(row.values(closed_on=event.closed_on))


async def _keep(event: Raised, hearing: Hearing, *, formal: bool) -> None:
    """Conferences' references are none of ours, and an event that comes twice changes nothing."""
    if event.meeting_reference is None or not event.meeting_reference.startswith("REV-"):
        return
    row = {
        "reference": event.reference,
        "review_reference": event.meeting_reference,
        "formal": formal,
        "raised_on": event.raised_on,
    }
    await hearing.session.exec(insert(RaisedEscalation).values(row).on_conflict_do_nothing())
    escalated = delete(Deadline).where(
        col(Deadline.review_reference) == event.meeting_reference, col(Deadline.kind) == DeadlineKind.MISSING_PLAN
    )
    await hearing.session.exec(escalated)


SUBSCRIPTIONS = (
    subscription(ColleagueChanged, COLLEAGUE),
    subscription(AreaChanged, AREA),
    Subscription(EscalationRaised, keep_escalation),
    Subscription(ChallengeRaised, keep_challenge),
    Subscription(EscalationClosed, close_escalation),
)
