"""What children, families, carers and professionals say about a meeting."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlmodel import Field as Column

from chassis.access.visibility import check_may_see, columns, visible
from chassis.base.fields import Day, Input, Omittable, PastDay, Several, Words, new_id
from chassis.base.problems import NotFound
from chassis.command import Command
from chassis.db.columns import Shared, between, equal
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


class MeetingFeedbackIn(Input):
    """What somebody said about a meeting."""

    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today by default.")


class FeedbackOut(FeedbackColumns):
    """What somebody said about a meeting."""

    from_whom: FeedbackFrom
    rating: Rating


class FeedbackPage(Page[FeedbackOut]):
    """One page of feedback, newest first."""


class FeedbackQuery(PageQuery):
    """The parameters of a list of feedback."""

    reference: Several[str] = Field(None, description="Filter by meeting.")
    from_whom: Several[FeedbackFrom] = Field(None, description="Filter by who gave it.")
    rating: Several[Rating] = Field(None, description="Filter by rating.")
    given_from: Omittable[Day] = Field(None, description="Given on or after this day.")
    given_to: Omittable[Day] = Field(None, description="Given on or before this day.")
    sort: str = sorted_by("-given_on")


def feedback_about(table: Any, meeting: Any) -> JsonRows:
    """A service's feedback about its meetings, for those who may see the meeting."""
    return JsonRows(
        select(*columns(table)).join(meeting, meeting.reference == table.reference).where(visible(meeting)),
        filters=equal(table, "reference", "from_whom", "rating") | between(table.given_on, "given"),
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
