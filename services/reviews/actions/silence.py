"""A manager's silence: agreement, once the time to object is over."""

from datetime import date, datetime

from sqlmodel import col, select

from chassis import audit
from chassis.callers import Caller, Role
from chassis.events import Outgoing
from chassis.work import Work
from services.reviews.actions.owing import settle
from services.reviews.events import DecisionsAgreed
from services.reviews.rules.meetings import is_agreed_by_silence
from services.reviews.rules.vocabulary import DeadlineKind, DecisionState
from services.reviews.tables import Decision

AT_ONCE = 500
ACTION = "agree_by_silence"


async def agree_by_silence(work: Work, today: date, now: datetime) -> int:
    """Take the silence of managers whose time is over as agreement; how many decisions that were."""
    agreed = 0
    while True:
        async with work.database.transaction() as session:
            query = (
                select(Decision)
                .where(col(Decision.state) == DecisionState.SENT, col(Decision.respond_by) < today)
                .order_by(col(Decision.child_review_id), col(Decision.number))
                .limit(AT_ONCE)
            )
            rows = [
                one
                for one in (await session.exec(query.with_for_update(skip_locked=True))).all()
                if is_agreed_by_silence(one.sent_on, today)
            ]
            for row in rows:
                row.state, row.responded_on = DecisionState.AGREED_BY_SILENCE, today
                row.version += 1
            for row in {one.child_review_id: one for one in rows}.values():
                await settle(session, row.reference, [row.person_id], DeadlineKind.MANAGER_RESPONSE)
                session.add(Outgoing.of(_agreed(row), now))
                caller = Caller(work.settings.service_name, frozenset({Role.SERVICE}))
                await audit.record(session, caller, action=ACTION, person_ids=[row.person_id], record=row.reference)
        agreed += len(rows)
        if not rows:
            return agreed


def _agreed(row: Decision) -> DecisionsAgreed:
    return DecisionsAgreed(
        child_review_id=row.child_review_id,
        reference=row.reference,
        person_id=row.person_id,
        chair_id=row.chair_id,
        by_silence=True,
    )
