"""Counts open deadlines anew after the rules have changed: a job by the clock, once for each change."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.clock import LONDON, london_day
from chassis.db.batches import in_batches
from chassis.jobs.schedule import Due, Job
from chassis.process import Process

AT_ONCE = 200
# Whenever an installation is brought up to date, it is done then.
HORIZON = timedelta(days=3650)

Recount = Callable[[Process, AsyncSession, Sequence[Any], date], Awaitable[None]]


def recounting(table: Any, changed_on: Sequence[date], recount: Recount) -> Job:
    """The job over all children of a service, some hundred at a time, each held against changes meanwhile.

    `changed_on` are the days on which its rules changed; `recount` brings the open deadlines of some children to what
    is owed now. What was held, planned or told stays as it is.
    """

    def timetable(_: Any, first: date, last: date) -> Sequence[Due]:
        days = (day for day in changed_on if first <= day <= last)
        return [Due(day.isoformat(), datetime.combine(day, time(0), LONDON)) for day in days]

    async def count_deadlines_anew(process: Process, _: str, now: datetime) -> dict[str, Any]:
        after = ""

        async def batch(session: AsyncSession) -> int:
            nonlocal after
            query = select(table).where(table.person_id > after).order_by(table.person_id)
            children = (await session.exec(query.limit(AT_ONCE).with_for_update())).all()
            if children:
                # The session may let go of them.
                after = children[-1].person_id
                await recount(process, session, children, london_day(now))
            return len(children)

        return {"children": await in_batches(process, batch)}

    return Job(
        name="count_deadlines_anew",
        description="After the rules have changed, what is still owed is counted by the new ones, once.",
        timetable=timetable,
        horizon=HORIZON,
        run=count_deadlines_anew,
    )
