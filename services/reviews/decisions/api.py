"""What follows a review: decisions and the manager's answer, the record and its distribution."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.fields import Omittable
from chassis.base.problems import NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery
from chassis.web.versions import IfMatch, etag
from services.reviews.decisions import actions as deciding
from services.reviews.decisions.schemas import (
    CompleteRecordIn,
    DecisionCheckIn,
    DecisionOut,
    DecisionPage,
    DecisionsIn,
    DistributeRecordIn,
    ObjectionIn,
    RecordIn,
    SettlementIn,
)
from services.reviews.endpoints import Decider, Person, Reader, Ref, Writer, part_out
from services.reviews.meetings.meeting import ReviewNotHeld
from services.reviews.meetings.models import Decision
from services.reviews.meetings.queries import DECISIONS
from services.reviews.meetings.schemas import ChildReviewOut
from services.reviews.records import actions as recording
from services.reviews.roles import RESPONDERS
from services.reviews.rules.vocabulary import DecisionState

routes = APIRouter(prefix="/v1", tags=["after the review"])
Responder = Annotated[Command, commanded_by(*RESPONDERS)]
PART = "/reviews/{reference}/children/{person_id}"
RECORDED = responses(
    NotFound, ReviewNotHeld, recording.RecordComplete, recording.RecordIncomplete, VersionStale, VersionMissing
)
ANSWERED = responses(NotFound, deciding.NotWaiting, VersionStale, VersionMissing)


def decision_out(decision: Decision, response: Response) -> DecisionOut:
    """A changed decision, with its new version as ETag."""
    response.headers["ETag"] = etag(decision.version)
    return DecisionOut.model_validate(decision)


@routes.post(
    f"{PART}/decisions",
    status_code=201,
    responses=responses(NotFound, ReviewNotHeld, deciding.DecisionsAlreadyRecorded, VersionStale, VersionMissing),
)
async def record_decisions(
    reference: Ref, person_id: Person, wanted: DecisionsIn, command: Decider, version: IfMatch, response: Response
) -> list[DecisionOut]:
    """Write down a review's decisions for a child and send them to the manager.

    They are written within 5 working days of the review; the manager has 5 working days to object, and silence is
    agreement (IRO Handbook 2010).
    """
    review, decisions = await deciding.record_decisions(command, reference, person_id, version, wanted)
    response.headers["ETag"] = etag(review.version)
    return [DecisionOut.model_validate(one) for one in decisions]


class DecisionsQuery(PageQuery):
    """The parameters of `list_decisions`."""

    person_id: Omittable[str] = Field(None, description="Only for this child.")
    reference: Omittable[str] = Field(None, description="Only of this review.")
    state: Omittable[DecisionState] = Field(None, description="Only those that stand so.")
    manager_id: Omittable[str] = Field(None, description="Only sent to this manager.")
    chair_id: Omittable[str] = Field(None, description="Only of this chair's reviews.")
    implemented: Omittable[bool] = Field(None, description="Only carried out, or only not or not yet.")


@routes.get("/decisions", response_model=DecisionPage)
async def list_decisions(reading: Reading, caller: Reader, query: Annotated[DecisionsQuery, Query()]) -> Response:
    """Decisions, newest first."""
    look = Look(caller, "list_decisions", "decisions")
    return await DECISIONS.page(reading, query, look=look, **seen_by(caller))


@routes.get("/decisions/{decision_id}", response_model=DecisionOut, responses=responses(NotFound))
async def get_decision(decision_id: UUID, reading: Reading, caller: Reader) -> Response:
    """One decision, with its version as ETag."""
    look = Look(caller, "get_decision", str(decision_id))
    found = await DECISIONS.one(reading, look=look, id=decision_id, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


@routes.post("/decisions/{decision_id}/agree", responses=ANSWERED)
async def agree_to_decision(decision_id: UUID, command: Responder, version: IfMatch, response: Response) -> DecisionOut:
    """The manager agrees to a decision."""
    return decision_out(await deciding.agree_to_decision(command, decision_id, version), response)


@routes.post("/decisions/{decision_id}/object", responses=ANSWERED)
async def object_to_decision(
    decision_id: UUID, wanted: ObjectionIn, command: Responder, version: IfMatch, response: Response
) -> DecisionOut:
    """The manager objects to a decision, within 5 working days; informal resolution comes next, then escalation."""
    return decision_out(await deciding.object_to_decision(command, decision_id, version, wanted.objection), response)


@routes.post("/decisions/{decision_id}/settle", responses=ANSWERED)
async def settle_objection(
    decision_id: UUID, wanted: SettlementIn, command: Decider, version: IfMatch, response: Response
) -> DecisionOut:
    """Write down how an objection was settled."""
    return decision_out(await deciding.settle_objection(command, decision_id, version, wanted.settlement), response)


@routes.post("/decisions/{decision_id}/check", responses=ANSWERED)
async def check_decision(
    decision_id: UUID, wanted: DecisionCheckIn, command: Decider, version: IfMatch, response: Response
) -> DecisionOut:
    """Write down whether a decision was carried out, as the chair found it before the next review."""
    checked = await deciding.check_decision(command, decision_id, version, implemented=wanted.implemented)
    return decision_out(checked, response)


@routes.patch(f"{PART}/record", responses=RECORDED)
async def write_record(
    reference: Ref, person_id: Person, wanted: RecordIn, command: Writer, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Write the record of a review for a child as far as it has come, with a text for the child."""
    return part_out(await recording.write_record(command, reference, person_id, version, wanted), response)


@routes.post(f"{PART}/record/complete", responses=RECORDED)
async def complete_record(
    reference: Ref, person_id: Person, wanted: CompleteRecordIn, command: Decider, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Complete the full record, within 15 working days of the review; from then on it stays as it is."""
    done = await recording.complete_record(command, reference, person_id, version, wanted.completed_on)
    return part_out(done, response)


@routes.post(f"{PART}/record/distribute", responses=RECORDED)
async def distribute_record(
    reference: Ref, person_id: Person, wanted: DistributeRecordIn, command: Writer, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Write down to whom the record was given, within 20 working days of the review, and when."""
    return part_out(await recording.distribute_record(command, reference, person_id, version, wanted), response)
