"""Decisions of a review, the manager's answers and how they were settled."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.base.problems import NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.reviews.decisions import actions as deciding
from services.reviews.decisions.models import Decision
from services.reviews.decisions.queries import DECISIONS
from services.reviews.decisions.schemas import (
    DecisionCheckIn,
    DecisionOut,
    DecisionPage,
    DecisionsIn,
    ObjectionIn,
    SettlementIn,
)
from services.reviews.endpoints import PART, Decider, Person, Reader, Ref
from services.reviews.meetings.meeting import ReviewNotHeld
from services.reviews.roles import RESPONDERS
from services.reviews.rules.vocabulary import DecisionState

routes = Routes(prefix="/v1", tags=["reviews"])
Responder = Annotated[Command, commanded_by(*RESPONDERS)]
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
    """Record a review's decisions for a child and send them to the manager.

    They are due within 5 working days of the review; where it decided nothing, say so with `none_needed`. The manager
    has 5 working days to object, and silence is agreement (IRO Handbook 2010).
    """
    review, decisions = await deciding.record_decisions(command, reference, person_id, version, wanted)
    response.headers["ETag"] = etag(review.version)
    return [DecisionOut.model_validate(decision) for decision in decisions]


class DecisionsQuery(PageQuery):
    """The parameters of `list_decisions`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    reference: Several[str] = Field(None, description="Filter by review.")
    state: Several[DecisionState] = Field(None, description="Filter by state.")
    manager_id: Several[str] = Field(None, description="Filter by the manager it was sent to.")
    chair_id: Several[str] = Field(None, description="Filter by the chair of the review.")
    implemented: Omittable[bool] = Field(None, description="Filter by whether it was carried out.")
    sort: str = sorted_by("-id", "respond_by", "person_id")


@routes.get("/decisions", response_model=DecisionPage)
async def list_decisions(reader: Reader, query: Annotated[DecisionsQuery, Query()]) -> Response:
    """List decisions, newest first."""
    return await reader.page(DECISIONS, query)


@routes.get("/decisions/{decision_id}", response_model=DecisionOut, responses=responses(NotFound))
async def get_decision(decision_id: UUID, reader: Reader) -> Response:
    """Get a decision, with its version as ETag."""
    return await reader.one(DECISIONS, id=decision_id)


@routes.post("/decisions/{decision_id}/agree", responses=ANSWERED)
async def agree_to_decision(decision_id: UUID, command: Responder, version: IfMatch, response: Response) -> DecisionOut:
    """Agree to a decision as the manager."""
    return decision_out(await deciding.agree_to_decision(command, decision_id, version), response)


@routes.post("/decisions/{decision_id}/object", responses=ANSWERED)
async def object_to_decision(
    decision_id: UUID, wanted: ObjectionIn, command: Responder, version: IfMatch, response: Response
) -> DecisionOut:
    """Object to a decision as the manager, within 5 working days. Informal resolution is next, then escalation."""
    return decision_out(await deciding.object_to_decision(command, decision_id, version, wanted.objection), response)


@routes.post("/decisions/{decision_id}/settle", responses=ANSWERED)
async def settle_objection(
    decision_id: UUID, wanted: SettlementIn, command: Decider, version: IfMatch, response: Response
) -> DecisionOut:
    """Record how an objection was settled."""
    return decision_out(await deciding.settle_objection(command, decision_id, version, wanted.settlement), response)


@routes.post("/decisions/{decision_id}/check", responses=ANSWERED)
async def check_decision(
    decision_id: UUID, wanted: DecisionCheckIn, command: Decider, version: IfMatch, response: Response
) -> DecisionOut:
    """Record whether the chair found a decision carried out before the next review."""
    checked = await deciding.check_decision(command, decision_id, version, implemented=wanted.implemented)
    return decision_out(checked, response)
