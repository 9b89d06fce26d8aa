"""The timescale calculator: due dates and the rules behind them, about nobody."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from chassis.access.callers import Caller, signed_in
from chassis.base.fields import CountedDay
from chassis.meetings.vocabulary import TimescaleOut
from chassis.process import ProcessDep
from services.conferences.rules.timescales import Milestone, owed_after
from services.conferences.settings import ConferencesSettings

routes = APIRouter(prefix="/v1/timescales/conferences", tags=["timescales"])


@routes.get("/{event}")
async def get_conference_timescales(
    event: Annotated[Milestone, Path(description="What happened, or is planned.")],
    event_on: Annotated[CountedDay, Query(description="The day of it, which is day 0.")],
    caller: Annotated[Caller, signed_in()],
    process: ProcessDep,
) -> list[TimescaleOut]:
    """All that is due because of an event, soonest first, with the rule and the source of each.

    Working days leave out weekends and the bank holidays of England and Wales; months end on the corresponding date,
    or on the month's last day. What varies from council to council is as this council's settings say.
    """
    assert isinstance(process.settings, ConferencesSettings)
    owed = owed_after(event, event_on, process.settings.practice())
    return [TimescaleOut(kind=one.kind, due_on=one.due_on, rule=one.rule) for one in owed]
