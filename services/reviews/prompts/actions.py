"""Marking a prompt as done, and taking that back."""

from datetime import date

from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.law.violations import future_violation
from chassis.meetings.corrections import VoidedOut, void
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.children.cases import locked_case
from services.reviews.children.deadlines import owe_again, refresh
from services.reviews.children.models import Voided
from services.reviews.prompts.models import PromptDone
from services.reviews.prompts.schemas import PromptDoneIn
from services.reviews.rules.vocabulary import DeadlineKind, Prompt


async def do_prompt(command: Command, person_id: str, wanted: PromptDoneIn) -> PromptDone:
    """Mark a prompt as done."""
    case = await locked_case(command, person_id)
    if not case.periods:
        raise NotLookedAfter
    done_on = wanted.done_on or command.today
    refuse([future_violation("done_on", done_on, command.today)])
    since = case.periods[-1].starts_on
    row = await command.session.get(PromptDone, (person_id, str(wanted.prompt), since))
    if row is None:
        row = PromptDone(
            person_id=person_id, prompt=wanted.prompt, care_since=since, done_on=done_on, done_by=command.caller.subject
        )
        command.session.add(row)
        case.prompts_done.add((wanted.prompt, since))
        await refresh(command.session, [case], command.today)
    await command.audit("do_prompt", [person_id], person_id)
    return row


async def void_prompt(command: Command, person_id: str, prompt: Prompt, reason: str) -> VoidedOut:
    """Void that a prompt was done in the child's last period of care: the chair is reminded again."""
    case = await locked_case(command, person_id)
    since = case.periods[-1].starts_on if case.periods else date.max
    row = await command.session.get(PromptDone, (person_id, str(prompt), since))
    if row is None:
        raise NotFound
    kept = await void(command, Voided, row, [person_id], reason)
    case.prompts_done.discard((prompt, since))
    await owe_again(command.session, case, command.today, DeadlineKind.PROMPT, prompt)
    return kept
