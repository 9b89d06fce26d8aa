"""Formal escalations: raise, find, amend, move, close and reassign them."""

from typing import Annotated, Any

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.process import ProcessDep
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.escalations.answers.queries import ANSWERS
from services.escalations.answers.schemas import AnswerOut
from services.escalations.escalations import moving, raising
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.queries import ESCALATIONS, MOVES, stages_of
from services.escalations.escalations.schemas import (
    REFERENCE,
    EscalationChangeIn,
    EscalationIn,
    EscalationOut,
    EscalationPage,
    EscalationsOut,
    MeetingEscalationsIn,
    MoveOut,
    NoteIn,
    RaisedEscalationOut,
    ReassignedOut,
    ReassignIn,
    ResolveIn,
    StageMoveIn,
    WithdrawIn,
)
from services.escalations.escalations.unknown import unknown_people
from services.escalations.roles import DECIDERS, MANAGERS, READERS, WRITERS
from services.escalations.rules import Kind, Reason, State, Theme
from services.escalations.settings import settings_of

routes = Routes(prefix="/v1", tags=["escalations"])

Ref = Annotated[str, Path(pattern=REFERENCE, description="The escalation's reference, such as `ESC-2019-0042`.")]
Reader = Annotated[RecordReader, read_by(*READERS)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
Decider = Annotated[Command, commanded_by(*DECIDERS)]
Manager = Annotated[Command, commanded_by(*MANAGERS)]
CHANGED = responses(NotFound, moving.MoveNotPossible, VersionStale, VersionMissing)


def changed(command: Command, escalation: Escalation, response: Response) -> EscalationOut:
    """A changed escalation, with its new version as ETag."""
    response.headers["ETag"] = etag(escalation.version)
    return moving.escalation_out(command, escalation)


@routes.post(
    "/escalations",
    status_code=201,
    responses=responses(Invalid, Unavailable),
)
async def raise_escalation(wanted: EscalationIn, command: Writer, response: Response) -> RaisedEscalationOut:
    """Raise a formal escalation.

    Its due date and that of its first stage are set now and stay: 20 working days in all for care planning (IRO
    Handbook, chapter 6), the end of the next quarter for a contribution to a conference. About a child whom nobody has
    sent yet it is raised with a warning.
    """
    (escalation,) = await raising.raise_escalations(command, [wanted])
    response.headers.update({"ETag": etag(escalation.version), "Location": f"/v1/escalations/{escalation.reference}"})
    warnings = await unknown_people(command, {"person_ids": wanted.person_ids})
    return RaisedEscalationOut(**dict(escalation), warnings=warnings)


RAISED_TOGETHER: dict[str, Any] = {
    "status_code": 201,
    "responses": responses(Invalid, Unavailable),
}


@routes.post("/conferences/{conference_reference}/escalations", **RAISED_TOGETHER)
async def raise_conference_escalations(
    conference_reference: Annotated[str, Path(pattern=r"^CONF-\d{4}-\d{4,}$", description="Such as `CONF-2019-0042`.")],
    wanted: MeetingEscalationsIn,
    command: Writer,
) -> EscalationsOut:
    """Raise the escalations from a conference: all of them, or none if one is invalid."""
    return await _raise_from(conference_reference, wanted, command)


@routes.post("/reviews/{review_reference}/escalations", **RAISED_TOGETHER)
async def raise_review_escalations(
    review_reference: Annotated[str, Path(pattern=r"^REV-\d{4}-\d{4,}$", description="Such as `REV-2019-0042`.")],
    wanted: MeetingEscalationsIn,
    command: Writer,
) -> EscalationsOut:
    """Raise the escalations from a review: all of them, or none if one is invalid."""
    return await _raise_from(review_reference, wanted, command)


async def _raise_from(meeting_reference: str, wanted: MeetingEscalationsIn, command: Command) -> EscalationsOut:
    given = {"meeting_reference": meeting_reference}
    escalations = [escalation.model_copy(update=given) for escalation in wanted.escalations]
    raised = await raising.raise_escalations(command, escalations, place="escalations")
    numbers = {f"escalations.{at}.person_ids": escalation.person_ids for at, escalation in enumerate(escalations)}
    return EscalationsOut(escalations=raised, warnings=await unknown_people(command, numbers))


class EscalationsQuery(PageQuery):
    """The parameters of `list_escalations`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    kind: Several[Kind] = Field(None, description="Filter by kind.")
    state: Several[State] = Field(None, description="Filter by state.")
    owner_id: Several[str] = Field(None, description="Filter by the chair who owns it.")
    agency_id: Several[str] = Field(None, description="Filter by agency.")
    agency_role: Several[str] = Field(None, description="Filter by the role at the agency.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    theme: Several[Theme] = Field(None, description="Filter by theme.")
    reason: Several[Reason] = Field(None, description="Filter by reason.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    meeting_reference: Several[str] = Field(None, description="Filter by meeting.")
    raised_from: Omittable[Day] = Field(None, description="Raised on or after this day.")
    raised_to: Omittable[Day] = Field(None, description="Raised on or before this day.")
    text: Omittable[str] = Field(None, pattern=r"^[A-Za-z0-9-]{2,20}$", description="Filter by part of the reference.")
    overdue: Omittable[bool] = Field(None, description="Filter by whether they are open and past their due date.")
    unanswered: Omittable[bool] = Field(None, description="Filter by whether they are open and unanswered.")
    person_unknown: Omittable[bool] = Field(
        None, description="Filter by whether they are about a child whom nobody has sent yet."
    )
    sort: str = sorted_by("-raised_on", "due_on", "reference", "state", "owner_id", "agency_id")


@routes.get("/escalations", response_model=EscalationPage)
async def list_escalations(
    reader: Reader, query: Annotated[EscalationsQuery, Query()], today: Today, process: ProcessDep
) -> Response:
    """List escalations, newest first. The audit records the list and the children on it."""
    return await reader.page(ESCALATIONS, query, today=today, **stages_of(settings_of(process)))


@routes.get("/escalations/{reference}", response_model=EscalationOut, responses=responses(NotFound))
async def get_escalation(reference: Ref, reader: Reader, process: ProcessDep) -> Response:
    """Get an escalation. Its version is the ETag."""
    return await reader.one(ESCALATIONS, reference=reference, **stages_of(settings_of(process)))


@routes.patch("/escalations/{reference}", responses=CHANGED)
async def amend_escalation(
    reference: Ref, change: EscalationChangeIn, command: Writer, version: IfMatch, response: Response
) -> EscalationOut:
    """Correct an escalation. Its due dates stay, and the history shows who corrected it."""
    return changed(command, await moving.amend_escalation(command, reference, version, change), response)


@routes.get("/escalations/{reference}/history", response_model=list[MoveOut], responses=responses(NotFound))
async def get_escalation_history(reference: Ref, reader: Reader) -> Response:
    """Get the history of an escalation, oldest first: who did what, and the state afterwards."""
    return await reader.all_of(MOVES, ESCALATIONS, reference=reference)


@routes.get("/escalations/{reference}/answers", response_model=list[AnswerOut], responses=responses(NotFound))
async def get_escalation_answers(reference: Ref, reader: Reader) -> Response:
    """List the answers to an escalation, oldest first. The last answer counts."""
    return await reader.all_of(ANSWERS, ESCALATIONS, reference=reference, references=[reference])


@routes.post("/escalations/reassign", responses=responses(Invalid, moving.NothingToReassign))
async def reassign_escalations(wanted: ReassignIn, command: Manager) -> ReassignedOut:
    """Give open escalations of a chair to another one: all of them, or none. The history shows who did it."""
    return ReassignedOut(references=await moving.reassign_escalations(command, wanted))


@routes.post("/escalations/{reference}/move-stage", responses=CHANGED)
async def move_stage(
    reference: Ref, wanted: StageMoveIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Move an escalation to a later stage. Stages in between may be skipped (IRO Handbook 2010, chapter 6)."""
    return changed(command, await moving.move_stage(command, reference, version, wanted.stage, wanted.note), response)


@routes.post("/escalations/{reference}/refer-to-cafcass", responses=CHANGED)
async def refer_to_cafcass(
    reference: Ref, wanted: NoteIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Record a referral to Cafcass, possible at any point (Children Act 1989, section 25B(3))."""
    return changed(command, await moving.refer_to_cafcass(command, reference, version, wanted.note), response)


@routes.post("/escalations/{reference}/request-legal-advice", responses=CHANGED)
async def request_legal_advice(
    reference: Ref, wanted: NoteIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Record a request for independent legal advice (IRO Handbook 2010, chapter 6)."""
    return changed(command, await moving.request_legal_advice(command, reference, version, wanted.note), response)


@routes.post("/escalations/{reference}/resolve", responses=CHANGED)
async def resolve_escalation(
    reference: Ref, wanted: ResolveIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Close an escalation that was resolved."""
    return changed(command, await moving.resolve_escalation(command, reference, version, wanted.resolution), response)


@routes.post("/escalations/{reference}/withdraw", responses=CHANGED)
async def withdraw_escalation(
    reference: Ref, wanted: WithdrawIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Close an escalation that should not have been raised, with the reason."""
    return changed(command, await moving.withdraw_escalation(command, reference, version, wanted.reason), response)


@routes.post("/escalations/{reference}/reopen", responses=CHANGED)
async def reopen_escalation(
    reference: Ref, wanted: NoteIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Reopen an escalation that was closed by mistake or too early."""
    return changed(command, await moving.reopen_escalation(command, reference, version, wanted.note), response)
