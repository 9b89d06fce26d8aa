"""Conferences: planned, moved, combined, cancelled, held."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.pagination import PageQuery
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
    shown,
)
from services.conferences.meetings import correcting, holding, moving, planning, reopening
from services.conferences.meetings.correction_schemas import CorrectConferenceIn, ReopenConferenceIn
from services.conferences.meetings.queries import CONFERENCES, WHOLE_CONFERENCE
from services.conferences.meetings.schemas import (
    CancelConferenceIn,
    CombineIn,
    ConferenceMeetingOut,
    ConferencePage,
    HoldConferenceIn,
    MoveConferenceIn,
    PlanConferenceIn,
    WholeConferenceOut,
)
from services.conferences.rules.vocabulary import ConferenceState

routes = APIRouter(prefix="/v1", tags=["conferences"])


@routes.post(
    "/conferences",
    status_code=201,
    response_model=ConferenceMeetingOut,
    responses=responses(Invalid, planning.AlreadyPlanned, IdempotencyKeyReused),
)
async def plan_conference(wanted: PlanConferenceIn, command: Writer, key: IdempotencyKey) -> Response:
    """Plan a conference for one or several children of a family.

    What it is for each child and when it is due follow from what really happened; both are set here, shown with the
    rule, and never move with the meeting. An advocate is invited by itself for a child of 8 years or over.
    """
    planned = shown(await planning.plan_conference(command, wanted))
    headers = {"ETag": etag(planned.version), "Location": f"/v1/conferences/{planned.reference}"}
    return await key.remember(planned, headers=headers)


class ConferencesQuery(PageQuery):
    """The parameters of `list_conferences`."""

    state: Omittable[ConferenceState] = Field(None, description="Only those that stand so.")
    chair_id: Omittable[str] = Field(None, description="Only this chair's.")
    area_id: Omittable[str] = Field(None, description="Only in this area.")
    person_id: Omittable[str] = Field(None, description="Only about this child.")
    planned_from: Omittable[Day] = Field(None, description="Only planned for this day or later.")
    planned_to: Omittable[Day] = Field(None, description="Only planned for this day or earlier.")
    combined: Omittable[bool] = Field(
        None, description="Only those that are one meeting with a looked-after review, or only the others."
    )


@routes.get("/conferences", response_model=ConferencePage)
async def list_conferences(reading: Reading, caller: Reader, query: Annotated[ConferencesQuery, Query()]) -> Response:
    """Conferences, newest first by the day for which they are, or were, planned."""
    look = Look(caller, "list_conferences", "conferences")
    return await CONFERENCES.page(reading, query, look=look, **seen_by(caller))


@routes.get("/conferences/{reference}", response_model=WholeConferenceOut, responses=responses(NotFound))
async def get_conference(reference: Ref, reading: Reading, caller: Reader) -> Response:
    """One conference with each child's part, everybody invited, its record and what it proposes; version as ETag."""
    look = Look(caller, "get_conference", reference)
    found = await WHOLE_CONFERENCE.one(reading, look=look, reference=reference, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


@routes.patch("/conferences/{reference}", responses=CONFERENCE_CHANGED | responses(moving.FollowsReview))
async def move_conference(
    reference: Ref, wanted: MoveConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Move a planned conference, or change how it is held or who chairs it; what is left out stays.

    Its due dates stay; until when reports are to be there follows the day. One that is combined with a review moves
    with the review.
    """
    return meeting_out(await moving.move_conference(command, reference, version, wanted), response)


@routes.post("/conferences/{reference}/combine", responses=CONFERENCE_CHANGED)
async def combine_conference(
    reference: Ref, wanted: CombineIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Make a planned conference one meeting with a looked-after review of the same child, day and chair; or not."""
    return meeting_out(await moving.combine(command, reference, version, wanted.review_reference), response)


@routes.post("/conferences/{reference}/cancel", responses=CONFERENCE_CHANGED)
async def cancel_conference(
    reference: Ref, wanted: CancelConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Cancel a planned conference, with the reason; what was due stays due."""
    return meeting_out(await moving.cancel_conference(command, reference, version, wanted.because), response)


@routes.post("/conferences/{reference}/hold", responses=CONFERENCE_CHANGED)
async def hold_conference(
    reference: Ref, wanted: HoldConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Write down that a conference was held: all of its children, who attended, and what was decided for each.

    A plan starts on the day of its conference. The next due dates follow at once. Without a quorum the chair says why
    it went on.
    """
    return meeting_out(await holding.hold_conference(command, reference, version, wanted), response)


@routes.post("/conferences/{reference}/correct", responses=HELD_CHANGED | responses(contributing.ContributionSettled))
async def correct_conference(
    reference: Ref, wanted: CorrectConferenceIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Set right what was written down when a conference was held, with the reason; what was said before is kept.

    With another day, what is counted from it is counted anew: whether it was in time, the plan, and what is due after
    it. What it decided is not corrected: reopen it, and hold it again.
    """
    return meeting_out(await correcting.correct_conference(command, reference, version, wanted), response)


@routes.post("/conferences/{reference}/reopen", responses=HELD_CHANGED | responses(reopening.ConferenceFollowed))
async def reopen_conference(
    reference: Ref, wanted: ReopenConferenceIn, command: Decider, version: IfMatch, response: Response
) -> ConferenceMeetingOut:
    """Take back that a conference was held, and what it decided, with the reason: it is planned as it was before.

    Not once something followed from it: it was closed, the outline plan sent, the record completed, the plan carried
    out, or the next conference planned. Then it can be corrected.
    """
    return meeting_out(await reopening.reopen_conference(command, reference, version, wanted.because), response)
