"""Review meetings: planned, moved, cancelled, adjourned, held; and children's parts in them."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.law.deadlines import About
from chassis.meetings.invitations import OwnInvitations, invitation_routes
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.reviews.endpoints import (
    HELD_CHANGED,
    REVIEW_CHANGED,
    Decider,
    Person,
    Reader,
    Ref,
    Writer,
    meeting_out,
    part_out,
    planned_out,
)
from services.reviews.meetings import correcting, holding, invitations, moving, planning, preparing
from services.reviews.meetings.queries import CHILD_REVIEWS, INVITATIONS, REVIEWS, WHOLE_REVIEW
from services.reviews.meetings.schemas import (
    AdjournReviewIn,
    CancelReviewIn,
    ChildReviewOut,
    ChildReviewPage,
    CorrectReviewIn,
    HoldReviewIn,
    InvitationOut,
    InviteAllToReviewIn,
    MeetingOut,
    MoveReviewIn,
    PlannedReviewOut,
    PlanReviewIn,
    PreparationIn,
    ReopenReviewIn,
    ReviewPage,
    WholeReviewOut,
)
from services.reviews.rules.vocabulary import ReviewKind, ReviewState, Track

routes = Routes(prefix="/v1", tags=["reviews"])


@routes.post(
    "/reviews",
    status_code=201,
    responses=responses(Invalid, planning.AlreadyPlanned),
)
async def plan_review(wanted: PlanReviewIn, command: Writer, response: Response) -> PlannedReviewOut:
    """Plan a review for one or several children.

    The kind of review and its due date for each child follow from the records. Both are set now, shown with the rule,
    and do not change when the meeting moves. An advocate is invited automatically for children aged 8 or over.
    """
    planned = await planned_out(command, await planning.plan_review(command, wanted))
    response.headers.update({"ETag": etag(planned.version), "Location": f"/v1/reviews/{planned.reference}"})
    return planned


class ReviewsQuery(PageQuery):
    """The parameters of `list_reviews`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    state: Several[ReviewState] = Field(None, description="Filter by state.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    planned_from: Omittable[Day] = Field(None, description="Planned for this day or later.")
    planned_to: Omittable[Day] = Field(None, description="Planned for this day or earlier.")
    sort: str = sorted_by("-planned_on", "reference", "chair_id", "area_id", "state")


@routes.get("/reviews", response_model=ReviewPage)
async def list_reviews(reader: Reader, query: Annotated[ReviewsQuery, Query()]) -> Response:
    """List review meetings, newest planned day first."""
    return await reader.page(REVIEWS, query)


class ChildReviewsQuery(PageQuery):
    """The parameters of `list_child_reviews`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    kind: Several[ReviewKind] = Field(None, description="Filter by kind of review.")
    track: Several[Track] = Field(None, description="Filter by sequence.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    held_from: Omittable[Day] = Field(None, description="Held on or after this day.")
    held_to: Omittable[Day] = Field(None, description="Held on or before this day.")
    late: Omittable[bool] = Field(None, description="Filter by whether the review was late.")
    sort: str = sorted_by("-held_on", "due_on", "person_id", "chair_id")


@routes.get("/reviews/children", response_model=ChildReviewPage)
async def list_child_reviews(reader: Reader, query: Annotated[ChildReviewsQuery, Query()]) -> Response:
    """List children's reviews that were held, newest first."""
    return await reader.page(CHILD_REVIEWS, query)


@routes.get("/reviews/{reference}", response_model=WholeReviewOut, responses=responses(NotFound))
async def get_review(reference: Ref, reader: Reader) -> Response:
    """Get a review with each child's part, invitations and what was raised from it, and the version as ETag."""
    return await reader.one(WHOLE_REVIEW, reference=reference)


@routes.patch("/reviews/{reference}", responses=REVIEW_CHANGED)
async def move_review(
    reference: Ref, wanted: MoveReviewIn, command: Writer, version: IfMatch, response: Response
) -> PlannedReviewOut:
    """Move a planned review, or change how it is held. Its due dates do not change."""
    moved = await planned_out(command, await moving.move_review(command, reference, version, wanted))
    response.headers["ETag"] = etag(moved.version)
    return moved


@routes.post("/reviews/{reference}/cancel", responses=REVIEW_CHANGED)
async def cancel_review(
    reference: Ref, wanted: CancelReviewIn, command: Writer, version: IfMatch, response: Response
) -> MeetingOut:
    """Cancel a review, with the reason. Its deadlines stay open."""
    return meeting_out(await moving.cancel_review(command, reference, version, wanted.reason), response)


@routes.post("/reviews/{reference}/adjourn", responses=REVIEW_CHANGED)
async def adjourn_review(
    reference: Ref, wanted: AdjournReviewIn, command: Writer, version: IfMatch, response: Response
) -> MeetingOut:
    """Adjourn a review that began in time: once, for at most 20 working days (regulation 36)."""
    return meeting_out(await moving.adjourn_review(command, reference, version, wanted), response)


@routes.post("/reviews/{reference}/hold", responses=REVIEW_CHANGED)
async def hold_review(
    reference: Ref, wanted: HoldReviewIn, command: Writer, version: IfMatch, response: Response
) -> MeetingOut:
    """Record that a review was held, for all its children. The next due dates are set at once."""
    return meeting_out(await holding.hold_review(command, reference, version, wanted), response)


@routes.post("/reviews/{reference}/correct", responses=HELD_CHANGED)
async def correct_review(
    reference: Ref, wanted: CorrectReviewIn, command: Writer, version: IfMatch, response: Response
) -> MeetingOut:
    """Correct what was recorded when a review was held, with the reason. The earlier record is kept.

    A corrected day changes whether the review was in time, and what is due after it.
    """
    return meeting_out(await correcting.correct_review(command, reference, version, wanted), response)


@routes.post("/reviews/{reference}/reopen", responses=HELD_CHANGED | responses(correcting.ReviewFollowed))
async def reopen_review(
    reference: Ref, wanted: ReopenReviewIn, command: Decider, version: IfMatch, response: Response
) -> MeetingOut:
    """Reopen a review that was not held after all, with the reason: it is planned or adjourned, as it was before.

    If its decisions or record were written, or the next review is planned, correct it instead.
    """
    return meeting_out(await correcting.reopen_review(command, reference, version, wanted.reason), response)


@routes.post("/reviews/{reference}/invitations", status_code=201, responses=REVIEW_CHANGED)
async def invite_to_review(
    reference: Ref, wanted: InviteAllToReviewIn, command: Writer, version: IfMatch, response: Response
) -> list[InvitationOut]:
    """Invite people to a review. Either all are invited or none. The ETag is the review's new version."""
    review, rows = await invitations.invite(command, reference, version, wanted.invitations)
    response.headers["ETag"] = etag(review.version)
    return [InvitationOut.model_validate(row) for row in rows]


@routes.patch("/reviews/{reference}/children/{person_id}", responses=REVIEW_CHANGED)
async def prepare_review(
    reference: Ref, person_id: Person, wanted: PreparationIn, command: Writer, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Record how a child's review was prepared: contact, consultation, the social worker's report and the plans."""
    return part_out(await preparing.prepare_review(command, reference, person_id, version, wanted), response)


INVITATION_ROUTES = invitation_routes(
    OwnInvitations(
        about=About.REVIEW,
        rows=INVITATIONS,
        change=invitations.change_invitation,
        withdraw=invitations.withdraw_invitation,
        send_again=invitations.send_invitation_again,
    )
)
