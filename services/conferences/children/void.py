"""Voiding records about a child that were made by mistake: what is due follows from what is left."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from chassis.base.problems import NotFound
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.meetings.corrections import VoidedOut, void
from chassis.meetings.deadlines import Followed
from services.conferences.children.cases import Case, locked_case, practice_of
from services.conferences.children.deadlines import everything, refresh
from services.conferences.children.models import Voided


async def locked_row(command: Command, table: Any, row_id: UUID) -> tuple[Any, Case]:
    """A row about a child with the child's case, locked; `NotFound` where the caller may see none."""
    about = (await command.session.exec(select(table.person_id).where(table.id == row_id))).first()
    if about is None:
        raise NotFound
    case = await locked_case(command, about)
    row = await command.session.get(table, row_id)
    if row is None:
        raise NotFound
    return row, case


async def void_of_child(
    command: Command,
    row: Any,
    case: Case,
    reason: str,
    kind: DeadlineKind | None = None,
    followed: Followed | None = None,
) -> VoidedOut:
    """Take a row about a child back; what of `kind` was done by it is due again."""
    kept = await void(command, Voided, row, [row.person_id], reason)
    practice = practice_of(command)
    again = {deadline.key() for deadline in everything(case, practice, command.today) if deadline.kind == kind}
    await refresh(command, [case], followed, again=again)
    return kept
