"""The timescale calculator: due dates and the rules behind them, about nobody."""

from typing import Annotated

from fastapi import Path, Query

from chassis.access.callers import Caller, signed_in
from chassis.base.fields import CountedDay
from chassis.meetings.vocabulary import TimescaleOut
from chassis.process import ProcessDep
from chassis.web.routes import Routes
from services.conferences.rules.timescales import Milestone, owed_after
from services.conferences.settings import settings_of

routes = Routes(prefix="/v1/deadlines/timescales/conferences", tags=["diary"])


@routes.get("/{event}")
async def get_conference_timescales(
    event: Annotated[Milestone, Path(description="What happened, or is planned.")],
    event_on: Annotated[CountedDay, Query(description="The day of it, which is day 0.")],
    caller: Annotated[Caller, signed_in()],
    process: ProcessDep,
) -> list[TimescaleOut]:
    """List what is due because of an event, soonest first, with the rule and source of each.

    Working days leave out weekends and the bank holidays of England and Wales; months end on the corresponding date,
    or on the month's last day. Limits that vary between councils follow this council's settings.
    """
    owed = owed_after(event, event_on, settings_of(process).practice())
    return [TimescaleOut(kind=deadline.kind, due_on=deadline.due_on, rule=deadline.rule) for deadline in owed]
