"""Taking back what was written down between reviews by mistake: what is owed follows from what is left."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import NotFound
from chassis.command import Acting
from chassis.meetings.void import TakenBackOut, take_back
from services.reviews.children.cases import Case, locked_case
from services.reviews.children.deadlines import everything, refresh
from services.reviews.rules.vocabulary import ContactKind, DeadlineKind, Prompt
from services.reviews.visits.models import Contact, Feedback, MidpointCheck, PromptDone, TakenBack


async def take_back_contact(act: Acting, person_id: str, contact_id: UUID, because: str) -> TakenBackOut:
    """Take back a contact; the clock of visits goes on from the visit before."""
    case = await locked_case(act, person_id)
    row = await _of_child(act, Contact, contact_id, person_id)
    kept = await take_back(act, TakenBack, row, [person_id], because)
    visits = select(func.max(Contact.happened_on)).where(
        col(Contact.person_id) == person_id, col(Contact.kind) == ContactKind.VISIT
    )
    case.child.last_visit_on = (await act.session.exec(visits)).one()
    await refresh(act.session, [case], act.today)
    return kept


async def take_back_midpoint_check(act: Acting, person_id: str, check_id: UUID, because: str) -> TakenBackOut:
    """Take back a midpoint check, which is owed again unless the next review was held."""
    case = await locked_case(act, person_id)
    row = await _of_child(act, MidpointCheck, check_id, person_id)
    kept = await take_back(act, TakenBack, row, [person_id], because)
    case.midpoints_done.discard(row.reviewed_on)
    await _owe_again(act, case, DeadlineKind.MIDPOINT, DeadlineKind.MIDPOINT)
    return kept


async def take_back_prompt(act: Acting, person_id: str, prompt: Prompt, because: str) -> TakenBackOut:
    """Take back that something was seen to in the child's last period of care, so that the chair is reminded again."""
    case = await locked_case(act, person_id)
    since = case.periods[-1].starts_on if case.periods else date.max
    row = await act.session.get(PromptDone, (person_id, str(prompt), since))
    if row is None:
        raise NotFound
    kept = await take_back(act, TakenBack, row, [person_id], because)
    case.prompts_done.discard((prompt, since))
    await _owe_again(act, case, DeadlineKind.PROMPT, prompt)
    return kept


async def take_back_feedback(act: Acting, feedback_id: UUID, because: str) -> TakenBackOut:
    """Take back what was written down as somebody's feedback about a review."""
    row = await act.session.get(Feedback, feedback_id, with_for_update=True)
    if row is None:
        raise NotFound
    await check_may_see(act, row.person_ids)
    return await take_back(act, TakenBack, row, row.person_ids, because)


async def _of_child(act: Acting, table: Any, row_id: UUID, person_id: str) -> Any:
    row = await act.session.get(table, row_id)
    if row is None or row.person_id != person_id:
        raise NotFound
    return row


async def _owe_again(act: Acting, case: Case, kind: str, subject: str) -> None:
    again = {one.key() for one in everything(case, act.today) if (one.kind, one.subject) == (kind, subject)}
    await refresh(act.session, [case], act.today, again=again)
