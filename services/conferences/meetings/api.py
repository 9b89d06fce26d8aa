"""Conferences: planned, moved, combined, cancelled, held."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.conferences.contributions import actions as contributing
from services.conferences.endpoints import (
    CONFERENCE_CHANGED,
    HELD_CHANGED,
    Decider,
    Reader,
    Ref,
    Writer,
    meeting_out,
    planned_out,
)
from services.conferences.meetings import correcting, holding, moving, planning, reopening
from services.conferences.meetings.queries import CHILD_CONFERENCES, CONFERENCES, WHOLE_CONFERENCE
from services.conferences.meetings.schemas import (
    CancelConferenceIn,
    ChildConferencePage,
    CombineIn,
    ConferenceMeetingOut,
    ConferencePage,
    CorrectConferenceIn,
    HoldConferenceIn,
    MoveConferenceIn,
    PlanConferenceIn,
    PlannedConferenceOut,
    ReopenConferenceIn,
    WholeConferenceOut,
)
from services.conferences.rules.vocabulary import Category, ConferenceKind, ConferenceState, Outcome

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.post(
    "/conferences",
    status_code=201,
    responses=responses(Invalid, planning.ConferenceAlreadyPlanned),
)
async def plan_conference(wanted: PlanConferenceIn, command: Writer, response: Response) -> PlannedConferenceOut:
    """Plan a conference for one or more children of a family.

    The kind of conference and its due date follow from each child's records. Both are set now, shown with the rule, and
    do not move with the meeting. An advocate is invited automatically for children aged 8 or over.
    """
    planned = await planned_out(command, await planning.plan_conference(command, wanted))
    response.headers.update({"ETag": etag(planned.version), "Location": f"/v1/conferences/{planned.reference}"})
    return planned


class ConferencesQuery(PageQuery):
    """The parameters of `list_conferences`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    state: Several[ConferenceState] = Field(None, description="Filter by state.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    planned_from: Omittable[Day] = Field(None, description="Planned on or after this date.")
    planned_to: Omittable[Day] = Field(None, description="Planned on or before this date.")
    combined: Omittable[bool] = Field(
        None, description="Only conferences combined with a looked-after review, or only the others."
    )
    sort: str = sorted_by("-planned_on", "reference", "chair_id", "area_id", "state")


@routes.get("/conferences", response_model=ConferencePage)
async def list_conferences(reader: Reader, query: Annotated[ConferencesQuery, Query()]) -> Response:
    """List conferences by planned date, newest first."""
    return await reader.page(CONFERENCES, query)


class ChildConferencesQuery(PageQuery):
    """The parameters of `list_child_conferences`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    kind: Several[ConferenceKind] = Field(None, description="Filter by kind.")
    outcome: Several[Outcome] = Field(None, description="Filter by outcome.")
    category: Several[Category] = Field(None, description="Filter by category.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    held_from: Omittable[Day] = Field(None, description="Held on or after this date.")
    held_to: Omittable[Day] = Field(None, description="Held on or before this date.")
    late: Omittable[bool] = Field(None, description="Only conferences held after their due date, or only the others.")
    sort: str = sorted_by("-held_on", "due_on", "person_id", "chair_id")


@routes.get("/conferences/children", response_model=ChildConferencePage)
async def list_child_conferences(reader: Reader, query: Annotated[ChildConferencesQuery, Query()]) -> Response:
    """List held conferences, one for each child, newest first."""
    return await reader.page(CHILD_CONFERENCES, query)


@routes.get("/conferences/{reference}", response_model=WholeConferenceOut, responses=responses(NotFound))
async def get_conference(reference: Ref, reader: Reader) -> Response:
    """Get a conference with each child's part, its invitations, record and proposals. The ETag is the version."""
    return await reader.one(WHOLE_CONFERENCE, reference=reference)


@routes.patch("/conferences/{reference}", responses=CONFERENCE_CHANGED | responses(moving.FollowsReview))
async def move_conference(
    reference: Ref, wanted: MoveConferenceIn, command: Writer, version: IfMatch, response: Response
) -> PlannedConferenceOut:
    """Move a planned conference, or change how it is held or who chairs it. Fields you leave out stay as they are.

    Due dates do not move. The deadline for reports follows the new date. A conference combined with a review moves with
    the review.
    """
    moved = await planned_out(command, await moving.move_conference(command, reference, version, wanted))
    response.headers["ETag"] = etag(moved.version)
    return moved


@routes.post("/conferences/{reference}/combine", responses=CONFERENCE_CHANGED)
async def combine_conference(
    reference: Ref, wanted: CombineIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Combine a planned conference with a looked-after review of the same child, date and chair, or separate them."""
    return meeting_out(await moving.combine(command, reference, version, wanted.review_reference), response)


@routes.post("/conferences/{reference}/cancel", responses=CONFERENCE_CHANGED)
async def cancel_conference(
    reference: Ref, wanted: CancelConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Cancel a planned conference, with the reason. What was due stays due."""
    return meeting_out(await moving.cancel_conference(command, reference, version, wanted.reason), response)


@routes.post("/conferences/{reference}/hold", responses=CONFERENCE_CHANGED)
async def hold_conference(
    reference: Ref, wanted: HoldConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Record that a conference was held: who attended, and what was decided for each child.

    A plan starts on the date of its conference. The next due dates are set at once. Without a quorum, the chair says
    why the conference went ahead.
    """
    return meeting_out(await holding.hold_conference(command, reference, version, wanted), response)


@routes.post("/conferences/{reference}/correct", responses=HELD_CHANGED | responses(contributing.ContributionSettled))
async def correct_conference(
    reference: Ref, wanted: CorrectConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Correct what was recorded when a conference was held, with the reason. The earlier record is kept.

    A new date changes what is counted from it: whether it was in time, the plan, and later due dates. To change what
    was decided, reopen the conference and hold it again.
    """
    return meeting_out(await correcting.correct_conference(command, reference, version, wanted), response)


@routes.post("/conferences/{reference}/reopen", responses=HELD_CHANGED | responses(reopening.ConferenceFollowed))
async def reopen_conference(
    reference: Ref, wanted: ReopenConferenceIn, command: Decider, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Reopen a conference that was recorded as held. It is planned again, and what it decided is withdrawn.

    This is not possible once it was closed, the outline plan sent, the record completed, the plan carried out or
    the next conference planned. Correct it instead.
    """
    return meeting_out(await reopening.reopen_conference(command, reference, version, wanted.reason), response)
