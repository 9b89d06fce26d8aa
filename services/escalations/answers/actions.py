"""Answers: given by an officer through a link, or recorded on their behalf."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from chassis.access.visibility import hidden_among
from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.privacy import MESSAGES, identifying
from chassis.law.violations import Violation
from services.escalations.answers.models import Answer
from services.escalations.answers.schemas import AnswerIn
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.moving import move
from services.escalations.events import EscalationsAnswered
from services.escalations.rules import CLOSED, COLLEAGUE, Choice, Move

LATEST_EXPECTED_DAYS = 366


class NotToBeAnswered(Conflict):
    """Some of these escalations do not exist or are closed, so nothing was answered."""


def wrong_in_answer(choice: Choice, expected_on: date | None, note: str | None, today: date) -> list[Violation]:
    """What is wrong with an answer: a missing or misplaced day, or words that identify somebody."""
    errors = []
    if choice is Choice.STILL_LOOKING:
        if expected_on is None:
            errors.append(Violation("expected_on", "required", "Say when you will know."))
        elif not 0 < (expected_on - today).days <= LATEST_EXPECTED_DAYS:
            message = "The day must be after today, and within a year."
            errors.append(Violation("expected_on", "in_the_future", message))
    elif expected_on is not None:
        message = "Leave the day empty, unless you are still looking into it."
        errors.append(Violation("expected_on", "still_looking_only", message))
    found = identifying(note, today) if note else []
    return errors + [Violation("note", rule, MESSAGES[rule]) for rule in found]


async def answer_on_behalf(command: Command, wanted: AnswerIn) -> Answer:
    """Record an answer that did not come through a link: to each of these escalations, or to none."""
    refuse(wrong_in_answer(wanted.choice, wanted.expected_on, wanted.note, command.today))
    if wanted.on_behalf_of is not None:
        await check_names(command, [NamedEntry("on_behalf_of", COLLEAGUE, wanted.on_behalf_of)])
    answer = Answer(
        **wanted.model_dump(exclude={"references"}),
        references=sorted(wanted.references),
        at=command.now,
        answered_on=command.today,
        answered_by=command.caller.subject,
    )
    return await give(command, answer)


async def give(command: Command, answer: Answer) -> Answer:
    """Give an answer to every escalation that it names; `NotToBeAnswered` if one is closed, or there is none."""
    escalations = await _open(command, answer.references)
    # A link was made for these escalations, and shows nothing of their children.
    people = [person for escalation in escalations for person in escalation.person_ids]
    hidden = await hidden_among(command, [] if answer.answer_link_id else people)
    escalations = [escalation for escalation in escalations if hidden.isdisjoint(escalation.person_ids)]
    if missing := sorted(set(answer.references) - {escalation.reference for escalation in escalations}):
        raise NotToBeAnswered(references=missing)
    command.session.add(answer)
    await command.session.flush()
    for escalation in escalations:
        settles = escalation.take_answer(answer.choice, answer.answered_on, answer.expected_on)
        move(command, escalation, Move.ANSWER, answer.answered_through, answer_id=answer.id, answered=settles)
    _publish(command, answer, escalations)
    await command.audit("answer_escalation", sorted(set(people)), str(answer.id))
    return answer


async def _open(command: Command, references: Sequence[str]) -> list[Escalation]:
    query = select(Escalation).where(col(Escalation.reference).in_(references), col(Escalation.state).not_in(CLOSED))
    return list((await command.session.exec(query.order_by(col(Escalation.reference)).with_for_update())).all())


def _publish(command: Command, answer: Answer, escalations: Sequence[Escalation]) -> None:
    by_owner: dict[str, list[str]] = defaultdict(list)
    for escalation in escalations:
        by_owner[escalation.owner_id].append(escalation.reference)
    for owner_id, references in sorted(by_owner.items()):
        command.publish(
            EscalationsAnswered(
                answer_id=answer.id,
                owner_id=owner_id,
                references=references,
                choice=answer.choice,
                answered_on=answer.answered_on,
            )
        )
