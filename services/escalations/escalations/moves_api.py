"""What is done with a formal escalation: stages, Cafcass, legal advice, closing, handing over."""

from typing import Annotated

from fastapi import APIRouter, Response

from chassis.base.problems import Invalid, responses
from chassis.command import Command, commanded_by
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

Decider = Annotated[Command, commanded_by(*DECIDERS)]
Manager = Annotated[Command, commanded_by(*MANAGERS)]


@routes.post("/reassign", responses=responses(Invalid, moving.NothingToReassign))
async def reassign_escalations(wanted: ReassignIn, command: Manager) -> ReassignedOut:
    """Give open escalations to another chair: those named, or all of one who leaves. Owner and actor stay visible."""
    return ReassignedOut(references=await moving.reassign_escalations(command, wanted))


@routes.post("/{reference}/move-stage", responses=CHANGED)
async def move_stage(
    reference: Ref, wanted: StageMoveIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Take an escalation to a later stage; stages between may be skipped (IRO Handbook 2010, chapter 6)."""
    return changed(await moving.move_stage(command, reference, version, wanted.stage, wanted.note), response)


@routes.post("/{reference}/refer-to-cafcass", responses=CHANGED)
async def refer_to_cafcass(
    reference: Ref, wanted: NoteIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Record a referral to Cafcass, possible at any point (Children Act 1989, section 25B(3))."""
    return changed(await moving.refer_to_cafcass(command, reference, version, wanted.note), response)


@routes.post("/{reference}/request-legal-advice", responses=CHANGED)
async def request_legal_advice(
    reference: Ref, wanted: NoteIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Record a request for independent legal advice (IRO Handbook 2010, chapter 6)."""
    return changed(await moving.request_legal_advice(command, reference, version, wanted.note), response)


@routes.post("/{reference}/resolve", responses=CHANGED)
async def resolve_escalation(
    reference: Ref, wanted: ResolveIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Close an escalation that was resolved."""
    return changed(await moving.resolve_escalation(command, reference, version, wanted.resolution), response)


@routes.post("/{reference}/withdraw", responses=CHANGED)
async def withdraw_escalation(
    reference: Ref, wanted: WithdrawIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Close an escalation that should not stand, with the reason."""
    return changed(await moving.withdraw_escalation(command, reference, version, wanted.reason), response)


@routes.post("/{reference}/reopen", responses=CHANGED)
async def reopen_escalation(
    reference: Ref, wanted: NoteIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Open an escalation again that was closed by mistake, or too early."""
    return changed(await moving.reopen_escalation(command, reference, version, wanted.note), response)
