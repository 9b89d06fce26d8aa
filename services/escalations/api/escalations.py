"""Formal escalations: raise them, find them, set them right."""

from typing import Annotated

from fastapi import Path, Query, Response

from chassis.acting import Acting, acting
from chassis.audit import Look
from chassis.callers import Caller, may
from chassis.clock import Today
from chassis.dates import Day
from chassis.db import Reading
from chassis.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.pagination import Paging
from chassis.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.routing import Router
from chassis.seeing import seen_by
from chassis.versions import IfMatch, etag
from services.escalations.actions import moving, raising
from services.escalations.actions.steps import MoveNotPossible
from services.escalations.api.roles import READERS, WRITERS
from services.escalations.queries.lists import ANSWERS, ESCALATIONS, MOVES
from services.escalations.rules import Kind, Reason, State, Theme
from services.escalations.schemas import (
    REFERENCE,
    AnswerOut,
    EscalationChangeIn,
    EscalationIn,
    EscalationOut,
    EscalationPage,
    EscalationsOut,
    MeetingEscalationsIn,
    MoveOut,
)
from services.escalations.tables import Escalation

routes = Router(prefix="/v1", tags=["escalations"])

Ref = Annotated[str, Path(pattern=REFERENCE, description="The escalation's reference, such as `ESC-2019-0042`.")]
Reader = Annotated[Caller, may(*READERS)]
Writer = Annotated[Acting, acting(*WRITERS)]
CHANGED = responses(NotFound, MoveNotPossible, VersionStale, VersionMissing)


def changed(escalation: Escalation, response: Response) -> EscalationOut:
    """A changed escalation, with its new version as ETag."""
    response.headers["ETag"] = etag(escalation.version)
    return EscalationOut.model_validate(escalation, from_attributes=True)


@routes.post(
    "/escalations",
    status_code=201,
    response_model=EscalationOut,
    responses=responses(Invalid, IdempotencyKeyReused, Unavailable),
)
async def raise_escalation(wanted: EscalationIn, act: Writer, key: IdempotencyKey) -> Response:
    """Raise a formal escalation.

    Its due day and that of its first stage are set here and stay: 20 working days in all for care planning (IRO
    Handbook, chapter 6), the end of the next quarter for a contribution to a conference.
    """
    (escalation,) = await raising.raise_escalations(act, [wanted])
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
    act: Writer,
    key: IdempotencyKey,
) -> Response:
    """Raise all that a meeting gave cause for: every one, or none if one of them cannot be."""
    ones = [one.model_copy(update={"meeting_reference": meeting_reference}) for one in wanted.escalations]
    raised = await raising.raise_escalations(act, ones, place="escalations")
    return await key.remember(EscalationsOut(escalations=raised))


@routes.get("/escalations", response_model=EscalationPage)
async def list_escalations(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    today: Today,
    kind: Annotated[Kind | None, Query(description="Only this kind.")] = None,
    state: Annotated[State | None, Query(description="Only those that stand so.")] = None,
    owner_id: Annotated[str | None, Query(description="Only this chair's.")] = None,
    agency_id: Annotated[str | None, Query(description="Only at this agency.")] = None,
    agency_role: Annotated[str | None, Query(description="Only about this role.")] = None,
    area_id: Annotated[str | None, Query(description="Only in this area.")] = None,
    theme: Annotated[Theme | None, Query(description="Only with this theme.")] = None,
    reason: Annotated[Reason | None, Query(description="Only for this reason.")] = None,
    person_id: Annotated[str | None, Query(description="Only about this child.")] = None,
    meeting_reference: Annotated[str | None, Query(description="Only from this meeting.")] = None,
    raised_from: Annotated[Day | None, Query(description="Only raised on or after this day.")] = None,
    raised_to: Annotated[Day | None, Query(description="Only raised on or before this day.")] = None,
    text: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9-]{2,20}$", description="Only with this in the reference.")
    ] = None,
    overdue: Annotated[bool | None, Query(description="Only open ones past their due day, or only the others.")] = None,
    unanswered: Annotated[bool | None, Query(description="Only open ones without an answer, or the others.")] = None,
) -> Response:
    """Escalations, newest first; the list is written into the audit with the children whom it shows."""
    given = {
        "kind": kind, "state": state, "owner_id": owner_id, "agency_id": agency_id, "agency_role": agency_role,
        "area_id": area_id, "theme": theme, "reason": reason, "meeting_reference": meeting_reference,
        "person_id": None if person_id is None else [person_id], "raised_from": raised_from, "raised_to": raised_to,
        "text": None if text is None else text.upper(), "is_overdue": overdue or None,
        "is_not_overdue": overdue is False or None,
        "is_unanswered": unanswered or None,
        "is_not_unanswered": unanswered is False or None,
    }  # fmt: skip
    look = Look(caller, "list_escalations", "escalations")
    return await ESCALATIONS.page(reading, paging, look=look, today=today, **seen_by(caller), **given)


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
    reference: Ref, change: EscalationChangeIn, act: Writer, version: IfMatch, response: Response
) -> EscalationOut:
    """Set right what an escalation says. Its due days stay; who did it is kept in the history."""
    return changed(await moving.amend_escalation(act, reference, version, change), response)


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
