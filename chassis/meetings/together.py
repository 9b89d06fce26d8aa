"""What every service with meetings answers alike, each about its own: the gateway asks all of them, and joins it."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from chassis.access.callers import Role
from chassis.access.visibility import seen_by
from chassis.base.clock import Today
from chassis.base.fields import PersonId
from chassis.base.problems import Invalid, NotFound, responses
from chassis.command import Command, commanded_by
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.meetings.diary import DiaryEntryOut, DiaryQuery
from chassis.meetings.feedback import FeedbackPage, FeedbackQuery, void_meeting_feedback
from chassis.meetings.open_deadlines import DeadlineCountsOut, DeadlineFilters, DeadlinePage, DeadlinesQuery, this_week
from chassis.meetings.timeline import TimelineEntryOut
from chassis.web.pagination import JsonRows, chosen
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes

# Any chair may cover for another, so reading is team-wide; every reading is audited, and restricted records are apart.
READERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER)
WRITERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT)
Reader = Annotated[RecordReader, read_by(*READERS)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
Person = Annotated[PersonId, Path(description="The child's case-management person number.")]


@dataclass(frozen=True)
class Own:
    """What a service has of each of these; `child` is the whole record, and `voided_table` keeps what was voided."""

    child: JsonRows
    timeline: JsonRows
    voided: JsonRows
    deadlines: JsonRows
    counts: JsonRows
    diary: JsonRows
    feedback: JsonRows
    feedback_table: Any
    voided_table: Any


def router(own: Own) -> Routes:
    """The endpoints of one service; all but the last are for the gateway, which asks with the caller's own roles."""
    routes = Routes()
    _add_deadlines(routes, own)
    _add_children(routes, own)
    _add_feedback(routes, own)
    return routes


def _add_deadlines(routes: Routes, own: Own) -> None:
    @routes.get("/internal/deadlines", response_model=DeadlinePage)
    async def list_deadlines(reader: Reader, query: Annotated[DeadlinesQuery, Query()], today: Today) -> Response:
        """List open deadlines, soonest first, with the days left."""
        return await reader.page(own.deadlines, query, today=today)

    @routes.get("/internal/deadlines/counts", response_model=DeadlineCountsOut)
    async def count_deadlines(
        reader: Reader, query: Annotated[DeadlineFilters, Query()], today: Today
    ) -> Response | None:
        """Count open deadlines."""
        # No child's record is shown, so nothing is audited.
        given = chosen(query.model_dump()) | seen_by(reader.caller) | this_week(today)
        return await own.counts.one(reader.statements, **given)

    @routes.get("/internal/diary", response_model=list[DiaryEntryOut], responses=responses(Invalid))
    async def get_diary(reader: Reader, today: Today, query: Annotated[DiaryQuery, Query()]) -> Response:
        """List a chair's meetings between two days, including those held or cancelled."""
        return await reader.all(own.diary, "diary", **query.wanted(reader.caller.subject, today))


def _add_children(routes: Routes, own: Own) -> None:
    path = "/internal/children/{person_id}"

    @routes.get(f"{path}/timeline", response_model=list[TimelineEntryOut], responses=responses(NotFound))
    async def get_timeline(person_id: Person, reader: Reader) -> Response:
        """List what happened for a child, oldest first."""
        return await reader.all_of(own.timeline, own.child, person_id=person_id)

    @routes.get(f"{path}/voided", response_model=list[VoidedOut], responses=responses(NotFound))
    async def list_voided(person_id: Person, reader: Reader) -> Response:
        """List the records about a child that were voided, with who did and why, oldest first."""
        return await reader.all_of(own.voided, own.child, person_id=person_id)


def _add_feedback(routes: Routes, own: Own) -> None:
    @routes.get("/internal/feedback", response_model=FeedbackPage)
    async def list_feedback(reader: Reader, query: Annotated[FeedbackQuery, Query()]) -> Response:
        """List feedback about meetings, newest first."""
        return await reader.page(own.feedback, query)

    # The gateway asks one service after the other.
    @routes.post("/v1/feedback/{feedback_id}/void", tags=["reviews"], responses=responses(NotFound, Invalid))
    async def void_feedback(feedback_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
        """Void feedback that was recorded by mistake, with the reason."""
        return await void_meeting_feedback(command, own.feedback_table, own.voided_table, feedback_id, wanted.reason)
