"""Formal escalations: raise them, find them, set them right."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.callers import Caller, may
from chassis.access.visibility import seen_by
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.pagination import PageQuery
from chassis.web.versions import IfMatch, etag
from services.escalations.answers.schemas import AnswerOut
from services.escalations.escalations import moving, raising
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.queries import ANSWERS, ESCALATIONS, MOVES
from services.escalations.escalations.schemas import (
    EscalationChangeIn,
    EscalationIn,
    EscalationOut,
    EscalationPage,
    EscalationsOut,
    MeetingEscalationsIn,
    MoveOut,
)
from services.escalations.escalations.steps import MoveNotPossible
from services.escalations.fields import REFERENCE
from services.escalations.roles import READERS, WRITERS
from services.escalations.rules import Kind, Reason, State, Theme

routes = APIRouter(prefix="/v1", tags=["escalations"])

Ref = Annotated[str, Path(pattern=REFERENCE, description="The escalation's reference, such as `ESC-2019-0042`.")]
Reader = Annotated[Caller, may(*READERS)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
CHANGED = responses(NotFound, MoveNotPossible, VersionStale, VersionMissing)


def changed(escalation: Escalation, response: Response) -> EscalationOut:
    """A changed escalation, with its new version as ETag."""
    response.headers["ETag"] = etag(escalation.version)
    return EscalationOut.model_validate(escalation)


@routes.post(
    "/escalations",
    status_code=201,
    response_model=EscalationOut,
    responses=responses(Invalid, IdempotencyKeyReused, Unavailable),
)
async def raise_escalation(wanted: EscalationIn, command: Writer, key: IdempotencyKey) -> Response:
    """Raise a formal escalation.

    Its due day and that of its first stage are set here and stay: 20 working days in all for care planning (IRO
    Handbook, chapter 6), the end of the next quarter for a contribution to a conference.
    """
    (escalation,) = await raising.raise_escalations(command, [wanted])
    headers = {"ETag": etag(escalation.version), "Location": f"/v1/escalations/{escalation.reference}"}
    return await key.remember(escalation, headers=headers)


@routes.post(
    "/meetings/{meeting_reference}/escalations",
    status_code=201,
    response_model=EscalationsOut,
    responses=responses(Invalid, IdempotencyKeyReused, Unavailable),
)
async def raise_meeting_escalations(
    meeting_reference: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="The meeting's reference.")],
    wanted: MeetingEscalationsIn,
    command: Writer,
    key: IdempotencyKey,
) -> Response:
    """Raise all that a meeting gave cause for: every one, or none if one of them cannot be."""
    ones = [one.model_copy(update={"meeting_reference": meeting_reference}) for one in wanted.escalations]
    raised = await raising.raise_escalations(command, ones, place="escalations")
    return await key.remember(EscalationsOut(escalations=raised))


class EscalationsQuery(PageQuery):
    """The parameters of `list_escalations`."""

    kind: Omittable[Kind] = Field(None, description="Only this kind.")
    state: Omittable[State] = Field(None, description="Only those that stand so.")
    owner_id: Omittable[str] = Field(None, description="Only this chair's.")
    agency_id: Omittable[str] = Field(None, description="Only at this agency.")
    agency_role: Omittable[str] = Field(None, description="Only about this role.")
    area_id: Omittable[str] = Field(None, description="Only in this area.")
    theme: Omittable[Theme] = Field(None, description="Only with this theme.")
    reason: Omittable[Reason] = Field(None, description="Only for this reason.")
    person_id: Omittable[str] = Field(None, description="Only about this child.")
    meeting_reference: Omittable[str] = Field(None, description="Only from this meeting.")
    raised_from: Omittable[Day] = Field(None, description="Only raised on or after this day.")
    raised_to: Omittable[Day] = Field(None, description="Only raised on or before this day.")
    text: Omittable[str] = Field(None, pattern=r"^[A-Za-z0-9-]{2,20}$", description="Only with this in the reference.")
    overdue: Omittable[bool] = Field(None, description="Only open ones past their due day, or only the others.")
    unanswered: Omittable[bool] = Field(None, description="Only open ones without an answer, or the others.")


@routes.get("/escalations", response_model=EscalationPage)
async def list_escalations(
    reading: Reading, caller: Reader, query: Annotated[EscalationsQuery, Query()], today: Today
) -> Response:
    """Escalations, newest first; the list is written into the audit with the children whom it shows."""
    look = Look(caller, "list_escalations", "escalations")
    return await ESCALATIONS.page(reading, query, look=look, today=today, **seen_by(caller))


@routes.get("/escalations/{reference}", response_model=EscalationOut, responses=responses(NotFound))
async def get_escalation(reference: Ref, reading: Reading, caller: Reader) -> Response:
    """One escalation, with its version as ETag."""
    look = Look(caller, "get_escalation", reference)
    found = await ESCALATIONS.one(reading, look=look, reference=reference, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


@routes.patch("/escalations/{reference}", responses=CHANGED)
async def amend_escalation(
    reference: Ref, change: EscalationChangeIn, command: Writer, version: IfMatch, response: Response
) -> EscalationOut:
    """Set right what an escalation says. Its due days stay; who did it is kept in the history."""
    return changed(await moving.amend_escalation(command, reference, version, change), response)


@routes.get("/escalations/{reference}/history", response_model=list[MoveOut], responses=responses(NotFound))
async def get_escalation_history(reference: Ref, reading: Reading, caller: Reader) -> Response:
    """All that was done with an escalation, oldest first: who, what, and how it stood afterwards."""
    look = Look(caller, "get_escalation_history", reference)
    return await MOVES.all_of(ESCALATIONS, reading, look=look, reference=reference, **seen_by(caller))


@routes.get("/escalations/{reference}/answers", response_model=list[AnswerOut], responses=responses(NotFound))
async def get_escalation_answers(reference: Ref, reading: Reading, caller: Reader) -> Response:
    """Every answer to an escalation, oldest first; the last one counts."""
    look = Look(caller, "get_escalation_answers", reference)
    given = {"reference": reference, "references": [reference]} | seen_by(caller)
    return await ANSWERS.all_of(ESCALATIONS, reading, look=look, **given)
