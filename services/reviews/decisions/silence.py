"""A manager's silence: agreement, once the time to object is over."""

from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access import audit
from chassis.access.callers import Caller, Role
from chassis.events.event import Outgoing
from chassis.law.deadlines import DeadlineKind
from chassis.process import Process, in_batches
from services.reviews.children.deadlines import settle
from services.reviews.decisions.actions import all_agreed
from services.reviews.decisions.models import Decision
from services.reviews.events import DecisionsAgreed
from services.reviews.meetings.models import ChildReview
from services.reviews.rules.vocabulary import DecisionState

AT_ONCE = 200
ACTION = "agree_by_silence"


async def agree_by_silence(process: Process, today: date, now: datetime) -> int:
    """Take the silence of managers whose time is over as agreement, and count the decisions.

    A child's review is taken as a whole, so that one event is published for all its decisions.
    """
    caller, agreed = Caller(process.settings.service_name, frozenset({Role.SERVICE})), 0
    waiting = (col(Decision.state) == DecisionState.SENT, col(Decision.respond_by) < today)
    over = select(ChildReview).where(col(ChildReview.id).in_(select(Decision.child_review_id).where(*waiting)))

    async def batch(session: AsyncSession) -> int:
        nonlocal agreed
        parts = (await session.exec(over.limit(AT_ONCE).with_for_update(skip_locked=True))).all()
        for part in parts:
            count = await _agree(session, part, today, now)
            agreed += count
            if count:
                await audit.record(session, caller, action=ACTION, person_ids=[part.person_id], record=part.reference)
        return len(parts)

    await in_batches(process, batch)
    return agreed


async def _agree(session: AsyncSession, part: ChildReview, today: date, now: datetime) -> int:
    query = select(Decision).where(col(Decision.child_review_id) == part.id).order_by(col(Decision.number))
    decisions = (await session.exec(query.with_for_update())).all()
    silent = [
        decision for decision in decisions if decision.state == DecisionState.SENT and decision.respond_by < today
    ]
    for decision in silent:
        decision.state, decision.responded_on = DecisionState.AGREED_BY_SILENCE, today
        decision.version += 1
    if not silent:
        return 0
    await settle(session, part.reference, [part.person_id], DeadlineKind.MANAGER_RESPONSE)
    # A manager who objected to one of them did not agree to them all.
    if all_agreed([decision.state for decision in decisions]):
        session.add(Outgoing.of(_agreed(part), now))
    return len(silent)


def _agreed(part: ChildReview) -> DecisionsAgreed:
    return DecisionsAgreed(
        child_review_id=part.id,
        reference=part.reference,
        person_id=part.person_id,
        chair_id=part.chair_id,
        by_silence=True,
    )
