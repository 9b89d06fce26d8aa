"""What children, families, carers and professionals say about a meeting."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Text, literal, select
from sqlmodel import Field as Column

from chassis.access.visibility import check_may_see, columns, visible
from chassis.base.fields import Day, Input, Omittable, PastDay, Several, Words, new_id
from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.db.columns import Shared, between, equal, holding
from chassis.law.deadlines import About
from chassis.law.violations import Violation, future_violation
from chassis.meetings.corrections import VoidedOut, void
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.pagination import JsonRows, Page, PageQuery, sorted_by


class FeedbackColumns(Shared):
    """What a service's table and its answers say of feedback."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    from_whom: str
    rating: str
    comment: str | None = None
    given_on: date
    recorded_by: str


class FeedbackIn(Input):
    """What somebody said about a meeting."""

    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today by default.")


class FeedbackOut(FeedbackColumns):
    """What somebody said about a meeting."""

    about: About
    from_whom: FeedbackFrom
    rating: Rating


class FeedbackPage(Page[FeedbackOut]):
    """One page of feedback, newest first."""


class FeedbackQuery(PageQuery):
    """The parameters of a list of feedback."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    reference: Several[str] = Field(None, description="Filter by meeting.")
    from_whom: Several[FeedbackFrom] = Field(None, description="Filter by who gave it.")
    rating: Several[Rating] = Field(None, description="Filter by rating.")
    given_from: Omittable[Day] = Field(None, description="Given on or after this day.")
    given_to: Omittable[Day] = Field(None, description="Given on or before this day.")
    sort: str = sorted_by("-given_on")


def feedback_rows(table: Any, meeting: Any, about: About) -> JsonRows:
    """A service's feedback about its meetings, for those who may see the meeting."""
    return JsonRows(
        select(literal(about).cast(Text).label("about"), *columns(table))
        .join(meeting, meeting.reference == table.reference)
        .where(visible(meeting)),
        filters=equal(table, "reference", "from_whom", "rating")
        | holding(table.person_ids, "person_id")
        | between(table.given_on, "given"),
        order=[table.given_on.desc(), table.id.desc()],
        hidden=["person_ids"],
    )


async def void_meeting_feedback(command: Command, table: Any, voided: Any, feedback_id: UUID, reason: str) -> VoidedOut:
    """Void feedback that was recorded by mistake."""
    row = await command.session.get(table, feedback_id, with_for_update=True)
    if row is None:
        raise NotFound
    await check_may_see(command, row.person_ids)
    return await void(command, voided, row, row.person_ids, reason)


async def keep_feedback(command: Command, table: Any, meeting: Any, wanted: FeedbackIn) -> Any:
    """Keep in a service's table what was said about a meeting that was held."""
    given_on = wanted.given_on or command.today
    refuse([future_violation("given_on", given_on, command.today)])
    if given_on < meeting.held_on:
        refuse([Violation("given_on", "after_meeting", f"The meeting was held on {meeting.held_on}.")])
    row = table(
        reference=meeting.reference,
        person_ids=meeting.person_ids,
        given_on=given_on,
        recorded_by=command.caller.subject,
        **wanted.model_dump(exclude={"given_on"}),
    )
    command.session.add(row)
    await command.audit("give_feedback", meeting.person_ids, meeting.reference)
    return row
