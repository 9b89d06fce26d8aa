"""Two jobs of services with deadlines: announce each missed one once, and recount the open ones under new rules."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.clock import LONDON, london_day
from chassis.events.event import Event, Outgoing
from chassis.jobs.schedule import Due, Job
from chassis.process import Process, in_batches

# It looks at a day that is over, shortly after midnight, before anybody reads the morning's mail.
AT = time(0, 30)
AT_ONCE = 500


def daily(_: Any, first: date, last: date) -> Sequence[Due]:
    """Every day between two days (inclusive), at half past midnight in Europe/London."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [Due(day.isoformat(), datetime.combine(day, AT, LONDON)) for day in days]


def telling(table: Any, missed: type[Event]) -> Job:
    """The job over a table of deadlines, whose columns the event repeats. The first run tells of all of them."""
    said = missed.model_fields.keys() - {"deadline_id"}

    async def tell_missed_deadlines(process: Process, _: str, now: datetime) -> dict[str, Any]:
        today = london_day(now)
        over = select(table).where(table.due_on < today, table.told_missed_on.is_(None))

        async def batch(session: AsyncSession) -> int:
            rows = (await session.exec(over.limit(AT_ONCE).with_for_update(skip_locked=True))).all()
            for row in rows:
                row.told_missed_on = today
                event = missed.model_validate({"deadline_id": row.id} | {name: getattr(row, name) for name in said})
                session.add(Outgoing.of(event, now))
            return len(rows)

        return {"told": await in_batches(process, batch)}

    return Job(
        name="tell_missed_deadlines",
        description="Whoever listens is told once of each deadline that was missed.",
        timetable=daily,
        horizon=timedelta(days=1),
        run=tell_missed_deadlines,
    )


CHILDREN_AT_ONCE = 200
# Whenever an installation is brought up to date, it is done then.
HORIZON = timedelta(days=3650)

Recount = Callable[[Process, AsyncSession, Sequence[Any], date], Awaitable[None]]


def recounting(table: Any, changed_on: Sequence[date], recount: Recount) -> Job:
    """The job over all children of a service, some hundred at a time, each held against changes meanwhile.

    `changed_on` are the days on which its rules changed; `recount` brings the open deadlines of some children to what
    is owed now. What was held, planned or announced stays as it is.
    """

    def timetable(_: Any, first: date, last: date) -> Sequence[Due]:
        days = (day for day in changed_on if first <= day <= last)
        return [Due(day.isoformat(), datetime.combine(day, time(0), LONDON)) for day in days]

    async def count_deadlines_anew(process: Process, _: str, now: datetime) -> dict[str, Any]:
        after = ""

        async def batch(session: AsyncSession) -> int:
            nonlocal after
            query = select(table).where(table.person_id > after).order_by(table.person_id)
            children = (await session.exec(query.limit(CHILDREN_AT_ONCE).with_for_update())).all()
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
