"""Between reviews: contacts, midpoint checks, prompts, approvals to leave care, feedback, disruption referrals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.db.database import Reading
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.pagination import PageQuery
from chassis.web.versions import IfMatch, etag
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.children.queries import WHOLE_CHILD
from services.reviews.disruption import actions as referring
from services.reviews.endpoints import Decider, Person, Reader, Writer
from services.reviews.rules.vocabulary import Approval, ReferralState
from services.reviews.visits import actions as between
from services.reviews.visits.models import DisruptionReferral
from services.reviews.visits.queries import CONTACTS, FEEDBACK, LEAVING_CARE, MIDPOINT_CHECKS, PROMPTS_DONE, REFERRALS
from services.reviews.visits.schemas import (
    AcceptReferralIn,
    ContactIn,
    ContactOut,
    DeclineReferralIn,
    FeedbackIn,
    FeedbackOut,
    FeedbackPage,
    LeavingCareDecideIn,
    LeavingCareIn,
    LeavingCareOut,
    LeavingCarePage,
    MidpointCheckIn,
    MidpointCheckOut,
    PromptDoneIn,
    PromptDoneOut,
    ReferralIn,
    ReferralOut,
    ReferralPage,
)

routes = APIRouter(prefix="/v1", tags=["between reviews"])
CHILD = "/looked-after-children/{person_id}"
MADE = responses(NotFound, Invalid, IdempotencyKeyReused)
ReferralRef = Annotated[str, Path(pattern=r"^DIS-\d{4}-\d{4,}$", description="Such as `DIS-2019-0003`.")]
DECIDED = responses(NotFound, Invalid, referring.ReferralDecided, VersionStale, VersionMissing)


@routes.post(f"{CHILD}/contacts", status_code=201, response_model=ContactOut, responses=MADE)
async def record_contact(person_id: Person, wanted: ContactIn, command: Writer, key: IdempotencyKey) -> Response:
    """Write down a visit to a child or another contact; a visit is due again within 6 months."""
    row = await between.record_contact(command, person_id, wanted)
    return await key.remember(ContactOut.model_validate(row))


@routes.get(f"{CHILD}/contacts", response_model=list[ContactOut], responses=responses(NotFound))
async def list_contacts(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """A child's contacts with chairs, oldest first."""
    look = Look(caller, "list_contacts", person_id)
    return await CONTACTS.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, **seen_by(caller))


@routes.post(
    f"{CHILD}/midpoint-checks", status_code=201, responses=responses(NotFound, Invalid, between.NothingToCheck)
)
async def check_midpoint(person_id: Person, wanted: MidpointCheckIn, command: Decider) -> MidpointCheckOut:
    """Write down the check halfway between a child's last review and the day on which the next is due."""
    row = await between.check_midpoint(command, person_id, wanted)
    return MidpointCheckOut.model_validate(row)


@routes.get(f"{CHILD}/midpoint-checks", response_model=list[MidpointCheckOut], responses=responses(NotFound))
async def list_midpoint_checks(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """A child's midpoint checks, oldest first."""
    look = Look(caller, "list_midpoint_checks", person_id)
    return await MIDPOINT_CHECKS.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, **seen_by(caller))


@routes.post(f"{CHILD}/prompts-done", responses=responses(NotFound, Invalid, NotLookedAfter))
async def do_prompt(person_id: Person, wanted: PromptDoneIn, command: Writer) -> PromptDoneOut:
    """Write down that something of which the chair was reminded was seen to; doing it again changes nothing."""
    row = await between.do_prompt(command, person_id, wanted)
    return PromptDoneOut.model_validate(row)


@routes.get(f"{CHILD}/prompts-done", response_model=list[PromptDoneOut], responses=responses(NotFound))
async def list_prompts_done(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """What was seen to for a child: leaflets, Life Links, permanence, the later-life letter."""
    look = Look(caller, "list_prompts_done", person_id)
    return await PROMPTS_DONE.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, **seen_by(caller))


@routes.post(
    f"{CHILD}/leaving-care-decisions",
    status_code=201,
    responses=responses(NotFound, Invalid, NotLookedAfter, between.NoApprovalNeeded),
)
async def request_leaving_care(person_id: Person, wanted: LeavingCareIn, command: Writer) -> LeavingCareOut:
    """Ask for the approval that the law wants before a child leaves care; who gives it follows from regulation 39."""
    row = await between.request_leaving_care(command, person_id, wanted)
    return LeavingCareOut.model_validate(row)


@routes.post(
    "/leaving-care-decisions/{decision_id}/decide",
    responses=responses(NotFound, Invalid, between.AlreadyDecided, VersionStale, VersionMissing),
)
async def decide_leaving_care(
    decision_id: UUID, wanted: LeavingCareDecideIn, command: Writer, version: IfMatch, response: Response
) -> LeavingCareOut:
    """Write down what the director or the nominated officer decided."""
    row = await between.decide_leaving_care(command, decision_id, version, wanted)
    response.headers["ETag"] = etag(row.version)
    return LeavingCareOut.model_validate(row)


class LeavingCareDecisionsQuery(PageQuery):
    """The parameters of `list_leaving_care_decisions`."""

    person_id: Omittable[str] = Field(None, description="Only for this child.")
    approval: Omittable[Approval] = Field(None, description="Only those that this officer decides.")
    decided: Omittable[bool] = Field(None, description="Only decided, or only those that wait.")


@routes.get("/leaving-care-decisions", response_model=LeavingCarePage)
async def list_leaving_care_decisions(
    reading: Reading, caller: Reader, query: Annotated[LeavingCareDecisionsQuery, Query()]
) -> Response:
    """Approvals to leave care, newest first."""
    look = Look(caller, "list_leaving_care_decisions", "leaving-care-decisions")
    return await LEAVING_CARE.page(reading, query, look=look, **seen_by(caller))


@routes.post("/feedback", status_code=201, response_model=FeedbackOut, responses=MADE)
async def give_feedback(wanted: FeedbackIn, command: Writer, key: IdempotencyKey) -> Response:
    """Write down what a child, a family, a carer or a professional said about a review."""
    row = await between.give_feedback(command, wanted)
    return await key.remember(FeedbackOut.model_validate(row))


class FeedbackQuery(PageQuery):
    """The parameters of `list_feedback`."""

    reference: Omittable[str] = Field(None, description="Only about this review.")
    from_whom: Omittable[FeedbackFrom] = Field(None, description="Only from these.")
    rating: Omittable[Rating] = Field(None, description="Only rated so.")
    given_from: Omittable[Day] = Field(None, description="Only given on this day or later.")
    given_to: Omittable[Day] = Field(None, description="Only given on this day or earlier.")


@routes.get("/feedback", response_model=FeedbackPage)
async def list_feedback(reading: Reading, caller: Reader, query: Annotated[FeedbackQuery, Query()]) -> Response:
    """Feedback about reviews, newest first."""
    look = Look(caller, "list_feedback", "feedback")
    return await FEEDBACK.page(reading, query, look=look, **seen_by(caller))


def referral_out(row: DisruptionReferral, response: Response) -> ReferralOut:
    """A referral, with its version as ETag."""
    response.headers["ETag"] = etag(row.version)
    return ReferralOut.model_validate(row)


@routes.post("/disruption-referrals", status_code=201, response_model=ReferralOut, responses=MADE)
async def refer_for_disruption_meeting(wanted: ReferralIn, command: Writer, key: IdempotencyKey) -> Response:
    """Refer a child whose adoption or special guardianship broke down for a disruption meeting."""
    row = await referring.refer_for_disruption_meeting(command, wanted)
    headers = {"ETag": etag(row.version), "Location": f"/v1/disruption-referrals/{row.reference}"}
    return await key.remember(ReferralOut.model_validate(row), headers=headers)


class DisruptionReferralsQuery(PageQuery):
    """The parameters of `list_disruption_referrals`."""

    state: Omittable[ReferralState] = Field(None, description="Only those that stand so.")
    person_id: Omittable[str] = Field(None, description="Only for this child.")


@routes.get("/disruption-referrals", response_model=ReferralPage)
async def list_disruption_referrals(
    reading: Reading, caller: Reader, query: Annotated[DisruptionReferralsQuery, Query()]
) -> Response:
    """Referrals for disruption meetings, newest first."""
    look = Look(caller, "list_disruption_referrals", "disruption-referrals")
    return await REFERRALS.page(reading, query, look=look, **seen_by(caller))


@routes.get("/disruption-referrals/{reference}", response_model=ReferralOut, responses=responses(NotFound))
async def get_disruption_referral(reference: ReferralRef, reading: Reading, caller: Reader) -> Response:
    """One referral, with its version as ETag."""
    look = Look(caller, "get_disruption_referral", reference)
    found = await REFERRALS.one(reading, look=look, reference=reference, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


@routes.post("/disruption-referrals/{reference}/accept", responses=DECIDED)
async def accept_referral(
    reference: ReferralRef, wanted: AcceptReferralIn, command: Decider, version: IfMatch, response: Response
) -> ReferralOut:
    """Accept a referral and say who chairs the meeting, which is then planned with the sequence `disruption`."""
    return referral_out(await referring.accept_referral(command, reference, version, wanted.chair_id), response)


@routes.post("/disruption-referrals/{reference}/decline", responses=DECIDED)
async def decline_referral(
    reference: ReferralRef, wanted: DeclineReferralIn, command: Decider, version: IfMatch, response: Response
) -> ReferralOut:
    """Decline a referral that does not meet the criteria, with the reason."""
    return referral_out(await referring.decline_referral(command, reference, version, wanted.because), response)
