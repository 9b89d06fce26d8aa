"""What a liaison officer sees of their quarter: counts, themes, and the list, with what was answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base import clock
from chassis.base.fields import day_in_words, in_words
from chassis.law.periods import parse
from services.escalations.answers.models import Answer, AnswerLink
from services.escalations.escalations.models import Escalation
from services.escalations.rules import CHOICE_HINTS, CHOICE_LABELS, CLOSED, SUBJECT_NAMES, Choice, Kind, State

ALL, THEME, ONE = "all", "theme", "one"
# The summary links here when no field in particular is wrong.
MAIN = "main"
CHOICES = [
    {"value": choice.value, "label": CHOICE_LABELS[choice], "hint": CHOICE_HINTS.get(choice)} for choice in Choice
]


@dataclass(frozen=True)
class Form:
    """The fields of the form that was sent, and what is wrong with them."""

    scope: str = ""
    key: str = ""
    choice: str = ""
    expected_on: str = ""
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    id: str = ALL

    def problems(self, form_id: str) -> dict[str, str]:
        """What is wrong, by the identifier of its field in the form `form_id`."""
        first = {"choice": Choice.DEALT_WITH.value}
        return {
            MAIN if name == MAIN else f"{form_id}-{first.get(name, name)}": message
            for name, message in self.errors.items()
        }

    def with_errors(self, errors: dict[str, str], themes: Sequence[dict[str, Any]]) -> "Form":
        """The form with what is wrong; `id` names it among the forms of the page."""
        ids = {theme["key"]: f"theme-{number}" for number, theme in enumerate(themes, 1)}
        return replace(self, errors=errors, id=ids.get(self.key, ALL) if self.scope == THEME else ALL)


def _who(escalation: Escalation) -> str:
    """Who an escalation is about: the role, and the team if it is known."""
    role = in_words(escalation.agency_role)
    return f"{role}, {escalation.professional_team}" if escalation.professional_team else role


async def _escalations(session: AsyncSession, link: AnswerLink) -> list[Escalation]:
    """The link's escalations, without those withdrawn since."""
    query = select(Escalation).where(
        col(Escalation.reference).in_(link.references), col(Escalation.state) != State.WITHDRAWN
    )
    return list((await session.exec(query.order_by(col(Escalation.meeting_on), col(Escalation.reference)))).all())


async def _latest_answers(session: AsyncSession, link: AnswerLink) -> dict[str, Answer]:
    query = select(Answer).where(col(Answer.references).overlap(link.references)).order_by(col(Answer.id))  # type: ignore[attr-defined]
    return {reference: answer for answer in (await session.exec(query)).all() for reference in answer.references}


def _unanswered(escalations: Sequence[Escalation]) -> list[Escalation]:
    return [escalation for escalation in escalations if escalation.state == State.OPEN]


async def quarter(session: AsyncSession, link: AnswerLink) -> dict[str, Any]:
    """The context of the page of the quarter."""
    escalations = await _escalations(session, link)
    answers = await _latest_answers(session, link)
    themes: dict[str, list[Escalation]] = defaultdict(list)
    for escalation in escalations:
        themes[escalation.subject].append(escalation)
    return {
        "choices": CHOICES,
        "quarter": {
            "name": parse(link.period).name(),
            "total": len(escalations),
            "answered": sum(escalation.answer is not None for escalation in escalations),
            "unanswered": len(_unanswered(escalations)),
            "care_planning": any(escalation.kind == Kind.CARE_PLANNING for escalation in escalations),
            "expires_on": day_in_words(link.expires_on),
            "themes": [
                _theme(subject, theme, answers)
                for subject, theme in sorted(themes.items(), key=lambda item: -len(item[1]))
            ],
        },
    }


def _theme(subject: str, escalations: Sequence[Escalation], answers: dict[str, Answer]) -> dict[str, Any]:
    unanswered = len(_unanswered(escalations))
    return {
        "key": subject,
        "name": SUBJECT_NAMES[subject],
        "total": len(escalations),
        "answered": sum(escalation.answer is not None for escalation in escalations),
        "unanswered": unanswered,
        "escalations": [
            {
                "reference": escalation.reference,
                "meeting_on": day_in_words(escalation.meeting_on or escalation.raised_on),
                "who": _who(escalation),
                "answer": _label(answers.get(escalation.reference)),
            }
            for escalation in escalations
        ],
    }


def _label(answer: Answer | None) -> str | None:
    return CHOICE_LABELS[Choice(answer.choice)] if answer else None


async def escalation(session: AsyncSession, link: AnswerLink, reference: str) -> dict[str, Any] | None:
    """The context of the page of one escalation; None if it is not the officer's."""
    found = next((item for item in await _escalations(session, link) if item.reference == reference), None)
    if found is None:
        return None
    answer = (await _latest_answers(session, link)).get(reference)
    return {
        "reference": found.reference,
        "theme": SUBJECT_NAMES[found.subject],
        "meeting_on": day_in_words(found.meeting_on),
        "who": _who(found),
        "raised_on": day_in_words(found.raised_on),
        "answer": _label(answer),
        "answered": _by_whom(answer, link) if answer else None,
        "note": answer.note if answer else None,
        "closed": found.state in CLOSED,
    }


def _by_whom(answer: Answer, link: AnswerLink) -> str:
    by = "you" if answer.answered_by == link.colleague_id else "the chairs’ team for you"
    return f"by {by} on {day_in_words(answer.answered_on)}"


async def references_for(session: AsyncSession, link: AnswerLink, scope: str, key: str, *, again: bool) -> list[str]:
    """The escalations that an answer is for: those not answered yet or, with `again`, all that are open."""
    found = await _escalations(session, link)
    return sorted(
        escalation.reference
        for escalation in (found if again else _unanswered(found))
        if escalation.state not in CLOSED
        and (scope == ALL or (scope, key) in {(ONE, escalation.reference), (THEME, escalation.subject)})
    )


async def latest_answer(session: AsyncSession, link: AnswerLink) -> UUID | None:
    """The latest answer that was given by the link."""
    query = select(Answer.id).where(col(Answer.answer_link_id) == link.id).order_by(col(Answer.id).desc())
    return (await session.exec(query.limit(1))).first()


async def receipt(session: AsyncSession, link: AnswerLink, answer_id: UUID) -> dict[str, Any] | None:
    """The context of a receipt; None if the answer was not given by this link."""
    answer = await session.get(Answer, answer_id)
    if answer is None or answer.answer_link_id != link.id:
        return None
    local = answer.at.astimezone(clock.LONDON)
    agencies = select(Escalation.agency_id).where(col(Escalation.reference).in_(answer.references)).distinct()
    return {
        "quarter": parse(link.period).name(),
        "agencies": sorted(in_words(agency) for agency in (await session.exec(agencies)).all()),
        "references": sorted(answer.references),
        "count": len(answer.references),
        "answer": CHOICE_LABELS[Choice(answer.choice)],
        "expected_on": day_in_words(answer.expected_on) if answer.expected_on else None,
        "note": answer.note,
        "at": f"{day_in_words(local.date())} at {local:%H:%M}",
        "unanswered": len(_unanswered(await _escalations(session, link))),
    }
