"""The timescale calculator: due dates and their rules, without any child's data."""

from typing import Annotated

from fastapi import Path, Query

from chassis.access.callers import Caller, signed_in
from chassis.base.fields import CountedDay, Omittable
from chassis.meetings.vocabulary import TimescaleOut
from chassis.web.routes import Routes
from services.reviews.rules.timescales import Event, owed_after
from services.reviews.rules.vocabulary import ReviewKind

routes = Routes(prefix="/v1/deadlines/timescales/reviews", tags=["diary"])


@routes.get("/{event}")
async def get_review_timescales(
    event: Annotated[Event, Path(description="The event that happened or is planned.")],
    event_on: Annotated[CountedDay, Query(description="The day of the event, which is day 0.")],
    caller: Annotated[Caller, signed_in()],
    kind: Annotated[Omittable[ReviewKind], Query(description="For a review that was held: its kind.")] = None,
) -> list[TimescaleOut]:
    """Calculate what is due after an event, soonest first, with the rule and its source.

    Working days leave out weekends and the bank holidays of England and Wales; months end on the corresponding date,
    or on the month's last day.
    """
    return [TimescaleOut(kind=due.kind, due_on=due.due_on, rule=due.rule) for due in owed_after(event, event_on, kind)]
