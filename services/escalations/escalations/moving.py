"""What is done with a formal escalation after it was raised: stages, Cafcass, legal advice, closing, reassigning."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.fields import new_id
from chassis.base.problems import Conflict, Invalid, NotFound, refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.escalations import rules
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.escalations.schemas import EscalationChangeIn, EscalationOut, ReassignIn, Subject
from services.escalations.events import EscalationClosed, EscalationMoved, EscalationReassigned, EscalationsReassigned
from services.escalations.moves import OF_ESCALATION, standing_of
from services.escalations.rules import AGENCY, AREA, CLOSED, COLLEAGUE, Kind, Move, State
from services.escalations.settings import settings_of

ALWAYS_THERE = ("agency_id", "agency_role", "area_id")


class MoveNotPossible(Conflict):
    """This cannot be done with the escalation as it stands."""


class NothingToReassign(Conflict):
    """Some of these escalations are closed, or belong to another chair."""


async def locked(command: Command, reference: str, version: int | None = None) -> Escalation:
    """The escalation, locked; `version`, if given, must be its version."""
    query = select(Escalation).where(col(Escalation.reference) == reference).with_for_update()
    escalation = (await command.session.exec(query)).first()
    if escalation is None:
        raise NotFound
    await check_may_see(command, escalation.person_ids)
    if version is not None:
        check_version(escalation, version)
    return escalation


def escalation_out(command: Command, escalation: Escalation) -> EscalationOut:
    """An escalation as it is answered, with what the caller can do with it now."""
    stages = settings_of(command.process).stages(Kind(escalation.kind))
    standing = standing_of(escalation.kind, escalation.state, is_last=escalation.stage >= len(stages))
    return EscalationOut.model_validate(escalation, update={"can": OF_ESCALATION.possible(standing)})


def check(command: Command, escalation: Escalation, wanted: Move, *, answered: bool = False) -> State:
    """The state after a move; `MoveNotPossible`, with the moves that are possible, if it cannot be made.

    `answered` says whether an escalation that is reopened was answered before it was closed.
    """
    kind = Kind(escalation.kind)
    stages = len(settings_of(command.process).stages(kind))
    standing = rules.Standing(kind, State(escalation.state), escalation.stage, stages, answered)
    try:
        return rules.after(wanted, standing)
    except rules.MoveRefused as refused:
        raise MoveNotPossible(
            f"{escalation.reference} is {escalation.state}.",
            reference=escalation.reference,
            possible_moves=sorted(refused.possible),
        ) from None


def move(
    command: Command,
    escalation: Escalation,
    made: Move,
    note: str | None = None,
    *,
    stage: int | None = None,
    answer_id: UUID | None = None,
    answered: bool = False,
) -> None:
    """Make a move, perhaps to another stage, and write it into the history."""
    escalation.state = check(command, escalation, made, answered=answered)
    escalation.stage = stage or escalation.stage
    escalation.version += 1
    write_history(command, escalation, made, note, answer_id)


def write_history(
    command: Command, escalation: Escalation, made: Move, note: str | None, answer_id: UUID | None = None
) -> None:
    """Write into the history what was done with an escalation, and how it stands now."""
    command.session.add(
        EscalationMove(
            escalation_id=escalation.id,
            at=command.now,
            actor=command.caller.subject,
            owner_id=escalation.owner_id,
            move=made,
            state=escalation.state,
            stage=escalation.stage,
            note=note,
            answer_id=answer_id,
        )
    )


async def amend_escalation(command: Command, reference: str, version: int, change: EscalationChangeIn) -> Escalation:
    """Correct an escalation; its due dates and its history stay."""
    escalation = await locked(command, reference, version)
    changes = change.model_dump(exclude_unset=True)
    note = changes.pop("note", None)
    refuse([_missing(field) for field in ALWAYS_THERE if changes.get(field, "") is None])
    for field, value in changes.items():
        setattr(escalation, field, value)
    if not changes.keys().isdisjoint(ALWAYS_THERE):
        # Whoever is responsible now is found by the directory, and asked even if they were asked before.
        escalation.officer_id = escalation.waiting_until = escalation.returned_on = None
        escalation.ask_from = command.now
    _check_subject(escalation)
    refuse([future_violation("meeting_on", change.meeting_on, command.today)])
    # Entries that stay as they are may have left the directory.
    named = []
    if not changes.keys().isdisjoint({"agency_id", "agency_role"}):
        named.append(NamedEntry("agency_id", AGENCY, escalation.agency_id, escalation.agency_role, "agency_role"))
    if "area_id" in changes:
        named.append(NamedEntry("area_id", AREA, escalation.area_id))
    await check_names(command, named)
    return await _done(command, escalation, Move.AMEND, note)


def _missing(field: str) -> Violation:
    return Violation(field, "required", "This cannot be removed. Leave it out to keep it.")


def _check_subject(escalation: Escalation) -> None:
    fits = (escalation.kind == Kind.CARE_PLANNING) == (escalation.theme is not None)
    if not fits or (escalation.theme is None) == (escalation.reason is None):
        field = "theme" if escalation.kind == Kind.CARE_PLANNING else "reason"
        raise Invalid.field(field, "fits_its_kind", f"An escalation of this kind has a {field}, and nothing else.")
    Subject(kind=escalation.kind, theme=escalation.theme, reason=escalation.reason)


async def move_stage(command: Command, reference: str, version: int, stage: int, note: str | None) -> Escalation:
    """Move an escalation to a later stage; stages in between may be skipped (IRO Handbook 2010, chapter 6)."""
    escalation = await locked(command, reference, version)
    stages = settings_of(command.process).stages(Kind(escalation.kind))
    check(command, escalation, Move.MOVE_STAGE)
    if not escalation.stage < stage <= len(stages):
        message = f"The stages after this one are {escalation.stage + 1} to {len(stages)}."
        raise Invalid.field("stage", "later_stage", message)
    kind = Kind(escalation.kind)
    escalation.stage_due_on = rules.stage_due_on(kind, stages, stage, command.today, escalation.due_on)
    return await _done(command, escalation, Move.MOVE_STAGE, note, stage=stage)


async def refer_to_cafcass(command: Command, reference: str, version: int, note: str | None) -> Escalation:
    """Record that the case was referred to Cafcass (Children Act 1989, section 25B(3)); the escalation goes on."""
    escalation = await locked(command, reference, version)
    escalation.cafcass_referred_on = escalation.cafcass_referred_on or command.today
    return await _done(command, escalation, Move.REFER_TO_CAFCASS, note)


async def request_legal_advice(command: Command, reference: str, version: int, note: str | None) -> Escalation:
    """Record that the chair asked for independent legal advice (IRO Handbook 2010, chapter 6)."""
    escalation = await locked(command, reference, version)
    escalation.legal_advice_requested_on = escalation.legal_advice_requested_on or command.today
    return await _done(command, escalation, Move.REQUEST_LEGAL_ADVICE, note)


async def resolve_escalation(command: Command, reference: str, version: int, resolution: str) -> Escalation:
    """Close an escalation that was resolved."""
    escalation = await locked(command, reference, version)
    escalation.resolution = resolution
    return await _close(command, escalation, Move.RESOLVE, resolution)


async def withdraw_escalation(command: Command, reference: str, version: int, reason: str) -> Escalation:
    """Close an escalation that should not have been raised; the history keeps the reason."""
    escalation = await locked(command, reference, version)
    escalation.withdrawn_because = reason
    return await _close(command, escalation, Move.WITHDRAW, reason)


async def reopen_escalation(command: Command, reference: str, version: int, note: str | None) -> Escalation:
    """Reopen an escalation that was closed by mistake or too early."""
    escalation = await locked(command, reference, version)
    was_answered = await _state_before_closing(command, escalation) == State.ANSWERED
    escalation.closed_on = escalation.closed_by = escalation.resolution = escalation.withdrawn_because = None
    return await _done(command, escalation, Move.REOPEN, note, answered=was_answered)


async def _state_before_closing(command: Command, escalation: Escalation) -> str | None:
    """The state before it was closed: an answer may belong to an earlier stage."""
    moves = select(EscalationMove.state).where(
        col(EscalationMove.escalation_id) == escalation.id, col(EscalationMove.state).not_in(CLOSED)
    )
    return (await command.session.exec(moves.order_by(col(EscalationMove.id).desc()).limit(1))).first()


async def reassign_escalations(command: Command, wanted: ReassignIn) -> list[str]:
    """Give open escalations of a chair to another one; returns their references."""
    is_same = wanted.to_owner_id == wanted.from_owner_id
    refuse([Violation("to_owner_id", "another_chair", "Name another chair.") if is_same else None])
    await check_names(command, [NamedEntry("to_owner_id", COLLEAGUE, wanted.to_owner_id)])
    found = await open_of(command, wanted.from_owner_id, wanted.references)
    hidden = await hidden_among(command, [person for escalation in found for person in escalation.person_ids])
    chosen = [escalation for escalation in found if hidden.isdisjoint(escalation.person_ids)]
    if len(chosen) != len(wanted.references):
        seen = {escalation.reference for escalation in chosen}
        raise NothingToReassign(references=sorted(set(wanted.references) - seen))
    for escalation in chosen:
        reassign(command, escalation, wanted.to_owner_id, wanted.note)
    references = [escalation.reference for escalation in chosen]
    command.publish(
        EscalationsReassigned(
            reassignment_id=new_id(),
            earlier_owner_id=wanted.from_owner_id,
            owner_id=wanted.to_owner_id,
            references=references,
            reassigned_on=command.today,
        )
    )
    people = sorted({person for escalation in chosen for person in escalation.person_ids})
    await command.audit("reassign_escalations", people, f"{wanted.from_owner_id} to {wanted.to_owner_id}")
    return references


async def open_of(command: Command, owner_id: str, references: Sequence[str] | None = None) -> Sequence[Escalation]:
    """The open escalations of an owner, perhaps only some of them, locked."""
    query = select(Escalation).where(col(Escalation.owner_id) == owner_id, col(Escalation.state).not_in(CLOSED))
    if references is not None:
        query = query.where(col(Escalation.reference).in_(references))
    return (await command.session.exec(query.order_by(col(Escalation.reference)).with_for_update())).all()


def reassign(command: Command, escalation: Escalation, owner_id: str, note: str | None = None) -> None:
    """Give an escalation to another owner."""
    earlier, escalation.owner_id = escalation.owner_id, owner_id
    move(command, escalation, Move.REASSIGN, note)
    command.publish(
        EscalationReassigned(
            reference=escalation.reference,
            earlier_owner_id=earlier,
            owner_id=owner_id,
            version=escalation.version,
        )
    )


async def _done(command: Command, escalation: Escalation, made: Move, note: str | None, **moved: Any) -> Escalation:
    move(command, escalation, made, note, **moved)
    command.publish(
        EscalationMoved(
            reference=escalation.reference,
            move=made,
            state=escalation.state,
            stage=escalation.stage,
            owner_id=escalation.owner_id,
            version=escalation.version,
        )
    )
    await command.audit(made, escalation.person_ids, escalation.reference)
    return escalation


async def _close(command: Command, escalation: Escalation, made: Move, words: str) -> Escalation:
    escalation.waiting_until = escalation.returned_on = None
    move(command, escalation, made, words)
    escalation.closed_on, escalation.closed_by = command.today, command.caller.subject
    command.publish(EscalationClosed.model_validate(escalation, from_attributes=True))
    await command.audit(made, escalation.person_ids, escalation.reference)
    return escalation
