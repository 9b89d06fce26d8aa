"""What this service does by the clock: a manager's silence becomes agreement, and missed deadlines are told once."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, select

from chassis.clock import LONDON, london_day
from chassis.events import Outgoing
from chassis.schedule import Due, Job
from chassis.work import Work
from services.reviews.actions.silence import agree_by_silence
from services.reviews.events import DeadlineMissed
from services.reviews.tables import Deadline

# Both look at a day that is over, shortly after midnight, before anybody reads the morning's mail.
AT = time(0, 30)
AT_ONCE = 500


def daily(_: Any, first: date, last: date) -> Sequence[Due]:
    """Every day between two days (inclusive), at half past midnight in Europe/London."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [Due(day.isoformat(), datetime.combine(day, AT, LONDON)) for day in days]


async def tell_missed_deadlines(work: Work, _: str, now: datetime) -> dict[str, Any]:
    """Tell once of each deadline whose day has gone by without it; whatever is late is missed on the first run."""
    today, told = london_day(now), 0
    while True:
        async with work.database.transaction() as session:
            query = select(Deadline).where(col(Deadline.due_on) < today, col(Deadline.told_missed_on).is_(None))
            rows = (await session.exec(query.limit(AT_ONCE).with_for_update(skip_locked=True))).all()
            for row in rows:
                row.told_missed_on = today
                session.add(Outgoing.of(_missed(row), now))
        told += len(rows)
        if not rows:
            return {"told": told}


def _missed(row: Deadline) -> DeadlineMissed:
    return DeadlineMissed(
        deadline_id=row.id,
        person_id=row.person_id,
        kind=row.kind,
        subject=row.subject,
        due_on=row.due_on,
        owner_id=row.owner_id,
        chair_id=row.chair_id,
        review_reference=row.review_reference,
    )


async def take_silence_as_agreement(work: Work, _: str, now: datetime) -> dict[str, Any]:
    """Agree on behalf of managers whose 5 working days are over (IRO Handbook)."""
    return {"agreed": await agree_by_silence(work, london_day(now), now)}


JOBS = (
    Job(
        name="take_silence_as_agreement",
        description="Decisions to which a manager said nothing within 5 working days count as agreed.",
        timetable=daily,
        horizon=timedelta(days=7),
        run=take_silence_as_agreement,
    ),
    Job(
        name="tell_missed_deadlines",
        description="Whoever listens is told once of each deadline that was missed.",
        timetable=daily,
        horizon=timedelta(days=1),
        run=tell_missed_deadlines,
    ),
)
