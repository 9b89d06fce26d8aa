"""The timescale calculator: due dates and the rules behind them, about nobody."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from chassis.access.callers import Caller, signed_in
from chassis.base.fields import CountedDay, Omittable
from chassis.meetings.vocabulary import TimescaleOut
from services.reviews.rules.timescales import Event, owed_after
from services.reviews.rules.vocabulary import ReviewKind

routes = APIRouter(prefix="/v1/timescales/reviews", tags=["timescales"])


@routes.get("/{event}")
async def get_review_timescales(
    event: Annotated[Event, Path(description="What happened, or is planned.")],
    event_on: Annotated[CountedDay, Query(description="The day of it, which is day 0.")],
    caller: Annotated[Caller, signed_in()],
    kind: Annotated[Omittable[ReviewKind], Query(description="For a review that was held: which it was.")] = None,
) -> list[TimescaleOut]:
    """All that is due because of an event, soonest first, with the rule and the source of each.

    Working days leave out weekends and the bank holidays of England and Wales; months end on the corresponding date,
    or on the month's last day.
    """
    return [TimescaleOut(kind=one.kind, due_on=one.due_on, rule=one.rule) for one in owed_after(event, event_on, kind)]
