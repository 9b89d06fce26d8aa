"""Taking back what was written down between reviews by mistake: what is owed follows from what is left."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import NotFound
from chassis.command import Command
from chassis.meetings.corrections import TakenBackOut, take_back
from services.reviews.children.cases import Case, locked_case
from services.reviews.children.deadlines import everything, refresh
from services.reviews.rules.vocabulary import ContactKind, DeadlineKind, Prompt
from services.reviews.visits.models import Contact, Feedback, MidpointCheck, PromptDone, TakenBack


async def take_back_contact(command: Command, person_id: str, contact_id: UUID, because: str) -> TakenBackOut:
    """Take back a contact; the clock of visits goes on from the visit before."""
    case = await locked_case(command, person_id)
    row = await _of_child(command, Contact, contact_id, person_id)
    kept = await take_back(command, TakenBack, row, [person_id], because)
    visits = select(func.max(Contact.happened_on)).where(
        col(Contact.person_id) == person_id, col(Contact.kind) == ContactKind.VISIT
    )
    case.child.last_visit_on = (await command.session.exec(visits)).one()
    await refresh(command.session, [case], command.today)
    return kept


async def take_back_midpoint_check(command: Command, person_id: str, check_id: UUID, because: str) -> TakenBackOut:
    """Take back a midpoint check, which is owed again unless the next review was held."""
    case = await locked_case(command, person_id)
    row = await _of_child(command, MidpointCheck, check_id, person_id)
    kept = await take_back(command, TakenBack, row, [person_id], because)
    case.midpoints_done.discard(row.reviewed_on)
    await _owe_again(command, case, DeadlineKind.MIDPOINT, DeadlineKind.MIDPOINT)
    return kept


async def take_back_prompt(command: Command, person_id: str, prompt: Prompt, because: str) -> TakenBackOut:
    """Take back that something was seen to in the child's last period of care, so that the chair is reminded again."""
    case = await locked_case(command, person_id)
    since = case.periods[-1].starts_on if case.periods else date.max
    row = await command.session.get(PromptDone, (person_id, str(prompt), since))
    if row is None:
        raise NotFound
    kept = await take_back(command, TakenBack, row, [person_id], because)
    case.prompts_done.discard((prompt, since))
    await _owe_again(command, case, DeadlineKind.PROMPT, prompt)
    return kept


async def take_back_feedback(command: Command, feedback_id: UUID, because: str) -> TakenBackOut:
    """Take back what was written down as somebody's feedback about a review."""
    row = await command.session.get(Feedback, feedback_id, with_for_update=True)
    if row is None:
        raise NotFound
    await check_may_see(command, row.person_ids)
    return await take_back(command, TakenBack, row, row.person_ids, because)


async def _of_child(command: Command, table: Any, row_id: UUID, person_id: str) -> Any:
    row = await command.session.get(table, row_id)
    if row is None or row.person_id != person_id:
        raise NotFound
    return row


async def _owe_again(command: Command, case: Case, kind: str, subject: str) -> None:
    again = {one.key() for one in everything(case, command.today) if (one.kind, one.subject) == (kind, subject)}
    await refresh(command.session, [case], command.today, again=again)
