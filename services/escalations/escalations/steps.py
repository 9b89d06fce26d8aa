"""One step of an escalation: whether it can be made, and its trace in the history."""

from uuid import UUID

from sqlmodel import col, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import Conflict, NotFound
from chassis.command import Command
from chassis.web.versions import check_version
from services.escalations import rules
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.rules import Kind, Move, State
from services.escalations.settings import EscalationsSettings


class MoveNotPossible(Conflict):
    """This cannot be done with the escalation as it stands."""


def settings_of(command: Command) -> EscalationsSettings:
    """This service's settings."""
    assert isinstance(command.process.settings, EscalationsSettings)
    return command.process.settings


async def locked(command: Command, reference: str, version: int | None = None) -> Escalation:
    """An escalation that nobody else changes meanwhile; with a version, it must still be that one."""
    query = select(Escalation).where(col(Escalation.reference) == reference).with_for_update()
    escalation = (await command.session.exec(query)).first()
    if escalation is None:
        raise NotFound
    await check_may_see(command, escalation.person_ids)
    if version is not None:
        check_version(escalation, version)
    return escalation


def standing(escalation: Escalation, settings: EscalationsSettings, *, answered: bool | None = None) -> rules.Standing:
    """What decides the escalation's moves; whether it was answered before it was closed, where that is asked."""
    kind = Kind(escalation.kind)
    return rules.Standing(
        kind=kind,
        state=State(escalation.state),
        stage=escalation.stage,
        stages=len(settings.stages(kind)),
        answered=escalation.answer is not None if answered is None else answered,
    )


def check(command: Command, escalation: Escalation, wanted: Move, *, answered: bool | None = None) -> State:
    """The state after a move; `MoveNotPossible`, with the moves that are, if it cannot be made."""
    try:
        return rules.after(wanted, standing(escalation, settings_of(command), answered=answered))
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
    answered: bool | None = None,
) -> None:
    """Make a move, perhaps to another stage, and write it into the history."""
    escalation.state = check(command, escalation, made, answered=answered)
    escalation.stage = stage or escalation.stage
    escalation.version += 1
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
