"""What is done with a formal escalation: stages, Cafcass, legal advice, closing, handing over."""

from typing import Annotated

from fastapi import APIRouter, Response

from chassis.base.problems import Invalid, responses
from chassis.command import Acting, acting
from chassis.web.versions import IfMatch
from services.escalations.escalations import moving
from services.escalations.escalations.api import CHANGED, Ref, changed
from services.escalations.escalations.schemas import (
    EscalationOut,
    NoteIn,
    ReassignedOut,
    ReassignIn,
    ResolveIn,
    StageMoveIn,
    WithdrawIn,
)
from services.escalations.roles import DECIDERS, MANAGERS

routes = APIRouter(prefix="/v1/escalations", tags=["escalations"])

Decider = Annotated[Acting, acting(*DECIDERS)]
Manager = Annotated[Acting, acting(*MANAGERS)]


@routes.post("/reassign", responses=responses(Invalid, moving.NothingToReassign))
async def reassign_escalations(wanted: ReassignIn, act: Manager) -> ReassignedOut:
    """Give open escalations to another chair: those named, or all of one who leaves. Owner and actor stay visible."""
    return ReassignedOut(references=await moving.reassign_escalations(act, wanted))


@routes.post("/{reference}/move-stage", responses=CHANGED)
async def move_stage(
    reference: Ref, wanted: StageMoveIn, act: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Take an escalation to a later stage; stages between may be skipped (IRO Handbook 2010, chapter 6)."""
    return changed(await moving.move_stage(act, reference, version, wanted.stage, wanted.note), response)


@routes.post("/{reference}/refer-to-cafcass", responses=CHANGED)
async def refer_to_cafcass(
    reference: Ref, wanted: NoteIn, act: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Record a referral to Cafcass, possible at any point (Children Act 1989, section 25B(3))."""
    return changed(await moving.refer_to_cafcass(act, reference, version, wanted.note), response)


@routes.post("/{reference}/request-legal-advice", responses=CHANGED)
async def request_legal_advice(
    reference: Ref, wanted: NoteIn, act: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Record a request for independent legal advice (IRO Handbook 2010, chapter 6)."""
    return changed(await moving.request_legal_advice(act, reference, version, wanted.note), response)


@routes.post("/{reference}/resolve", responses=CHANGED)
async def resolve_escalation(
    reference: Ref, wanted: ResolveIn, act: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Close an escalation that was resolved."""
    return changed(await moving.resolve_escalation(act, reference, version, wanted.resolution), response)


@routes.post("/{reference}/withdraw", responses=CHANGED)
async def withdraw_escalation(
    reference: Ref, wanted: WithdrawIn, act: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Close an escalation that should not stand, with the reason."""
    return changed(await moving.withdraw_escalation(act, reference, version, wanted.reason), response)


@routes.post("/{reference}/reopen", responses=CHANGED)
async def reopen_escalation(
    reference: Ref, wanted: NoteIn, act: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Open an escalation again that was closed by mistake, or too early."""
    return changed(await moving.reopen_escalation(act, reference, version, wanted.note), response)
