"""Tells once of each deadline that was missed: a job by the clock that services with deadlines have."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.clock import LONDON, london_day
from chassis.db.batches import in_batches
from chassis.events.event import Event, Outgoing
from chassis.jobs.schedule import Due, Job
from chassis.process import Process

# It looks at a day that is over, shortly after midnight, before anybody reads the morning's mail.
AT = time(0, 30)
AT_ONCE = 500


def daily(_: Any, first: date, last: date) -> Sequence[Due]:
    """Every day between two days (inclusive), at half past midnight in Europe/London."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [Due(day.isoformat(), datetime.combine(day, AT, LONDON)) for day in days]


def telling(table: Any, told_of: Callable[[Any], Event]) -> Job:
    """The job over a table of deadlines; `told_of` makes the event of a row. What is late is told on the first run."""

    async def tell_missed_deadlines(process: Process, _: str, now: datetime) -> dict[str, Any]:
        today = london_day(now)
        missed = select(table).where(table.due_on < today, table.told_missed_on.is_(None))

        async def batch(session: AsyncSession) -> int:
            rows = (await session.exec(missed.limit(AT_ONCE).with_for_update(skip_locked=True))).all()
            for row in rows:
                row.told_missed_on = today
                session.add(Outgoing.of(told_of(row), now))
            return len(rows)

        return {"told": await in_batches(process, batch)}

    return Job(
        name="tell_missed_deadlines",
        description="Whoever listens is told once of each deadline that was missed.",
        timetable=daily,
        horizon=timedelta(days=1),
        run=tell_missed_deadlines,
    )
