"""Marking a prompt as done, and voiding that."""

from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Problem, refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import future_violation
from chassis.meetings.corrections import VoidedOut, void
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.children.cases import locked_case, locked_row
from services.reviews.children.deadlines import owe_again, refresh
from services.reviews.children.models import Voided
from services.reviews.prompts.models import PromptDone
from services.reviews.prompts.schemas import PromptDoneIn, ReferralOutcomeIn
from services.reviews.rules.vocabulary import Prompt


async def do_prompt(command: Command, person_id: str, wanted: PromptDoneIn) -> PromptDone:
    """Mark a prompt as done."""
    case = await locked_case(command, person_id)
    if not case.periods:
        raise NotLookedAfter
    done_on = wanted.done_on or command.today
    refuse([future_violation("done_on", done_on, command.today)])
    since = case.periods[-1].starts_on
    already = select(PromptDone).where(
        col(PromptDone.person_id) == person_id,
        col(PromptDone.prompt) == wanted.prompt,
        col(PromptDone.care_since) == since,
    )
    row = (await command.session.exec(already)).first()
    if row is None:
        row = PromptDone(
            person_id=person_id, prompt=wanted.prompt, care_since=since, done_on=done_on, done_by=command.caller.subject
        )
        command.session.add(row)
        case.prompts_done.add((wanted.prompt, since))
        await refresh(command.session, [case], command.today)
    await command.audit("do_prompt", [person_id], person_id)
    return row


class NoReferral(Problem):
    """Only a Life Links referral has an outcome."""

    status = 409


async def conclude_referral(command: Command, prompt_id: UUID, wanted: ReferralOutcomeIn) -> PromptDone:
    """Record what became of a Life Links referral."""
    row: PromptDone = (await locked_row(command, PromptDone, prompt_id))[0]
    if row.prompt != Prompt.LIFE_LINKS:
        raise NoReferral
    outcome_on = wanted.outcome_on or command.today
    refuse([future_violation("outcome_on", outcome_on, command.today)])
    row.outcome, row.outcome_on = wanted.outcome, outcome_on
    await command.audit("conclude_referral", [row.person_id], row.person_id)
    return row


async def void_prompt(command: Command, prompt_id: UUID, reason: str) -> VoidedOut:
    """Void that a prompt was done: in the child's last period of care, the chair is reminded again."""
    row, case = await locked_row(command, PromptDone, prompt_id)
    kept = await void(command, Voided, row, [row.person_id], reason)
    case.prompts_done.discard((row.prompt, row.care_since))
    await owe_again(command.session, case, command.today, DeadlineKind.PROMPT, row.prompt)
    return kept
