"""What a liaison officer sees of their quarter: counts, themes, and the list, with what was answered."""

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
# Where the summary leads when something is wrong with no field in particular.
MAIN = "main"
CHOICES = [{"value": one.value, "label": CHOICE_LABELS[one], "hint": CHOICE_HINTS.get(one)} for one in Choice]


@dataclass(frozen=True)
class Form:
    """What was sent, and what is wrong with it."""

    scope: str = ""
    key: str = ""
    choice: str = ""
    expected_on: str = ""
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    id: str = ALL

    def problems(self, form_id: str) -> dict[str, str]:
        """What is wrong by the identifier of its field, in the form that the page knows by `form_id`."""
        first = {"choice": Choice.DEALT_WITH.value}
        return {
            MAIN if name == MAIN else f"{form_id}-{first.get(name, name)}": message
            for name, message in self.errors.items()
        }

    def with_errors(self, errors: dict[str, str], themes: Sequence[dict[str, Any]]) -> "Form":
        """The same with what is wrong; `id` is that of the form of the page that was sent."""
        ids = {theme["key"]: f"theme-{number}" for number, theme in enumerate(themes, 1)}
        return replace(self, errors=errors, id=ids.get(self.key, ALL) if self.scope == THEME else ALL)


def empty_form(choice: str = "") -> Form:
    """A form that nobody has sent yet, perhaps with a ready answer selected."""
    return Form(choice=choice)


def who(escalation: Escalation) -> str:
    """Whom an escalation is about: the role, and the team where it is known."""
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
    return {reference: one for one in (await session.exec(query)).all() for reference in one.references}


def _unanswered(escalations: Sequence[Escalation]) -> list[Escalation]:
    return [one for one in escalations if one.state == State.OPEN]


async def quarter(session: AsyncSession, link: AnswerLink) -> dict[str, Any]:
    """The context of the page of the quarter."""
    escalations = await _escalations(session, link)
    answers = await _latest_answers(session, link)
    subjects = list(dict.fromkeys(one.subject for one in escalations))
    subjects.sort(key=lambda subject: -sum(one.subject == subject for one in escalations))
    return {
        "choices": CHOICES,
        "quarter": {
            "name": parse(link.period).name(),
            "total": len(escalations),
            "answered": sum(one.answer is not None for one in escalations),
            "unanswered": len(_unanswered(escalations)),
            "care_planning": any(one.kind == Kind.CARE_PLANNING for one in escalations),
            "expires_on": day_in_words(link.expires_on),
            "themes": [
                _theme(subject, [one for one in escalations if one.subject == subject], answers) for subject in subjects
            ],
        },
    }


def _theme(subject: str, escalations: Sequence[Escalation], answers: dict[str, Answer]) -> dict[str, Any]:
    unanswered = len(_unanswered(escalations))
    return {
        "key": subject,
        "name": SUBJECT_NAMES[subject],
        "total": len(escalations),
        "answered": sum(one.answer is not None for one in escalations),
        "unanswered": unanswered,
        "escalations": [
            {
                "reference": one.reference,
                "meeting_on": day_in_words(one.meeting_on or one.raised_on),
                "who": who(one),
                "answer": _label(answers.get(one.reference)),
            }
            for one in escalations
        ],
    }


def _label(answer: Answer | None) -> str | None:
    return CHOICE_LABELS[Choice(answer.choice)] if answer else None


async def one(session: AsyncSession, link: AnswerLink, reference: str) -> dict[str, Any] | None:
    """The context of the page of one escalation; nothing if it is not the officer's."""
    found = next((each for each in await _escalations(session, link) if each.reference == reference), None)
    if found is None:
        return None
    answer = (await _latest_answers(session, link)).get(reference)
    return {
        "reference": found.reference,
        "theme": SUBJECT_NAMES[found.subject],
        "meeting_on": day_in_words(found.meeting_on),
        "who": who(found),
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
    """Which escalations an answer is for: those not answered yet, or all of them `again`."""
    found = await _escalations(session, link)
    escalations = [each for each in found if each.state not in CLOSED] if again else _unanswered(found)
    if scope == ONE:
        return [each.reference for each in escalations if each.reference == key]
    if scope == THEME:
        escalations = [each for each in escalations if each.subject == key]
    elif scope != ALL:
        return []
    return sorted(each.reference for each in escalations)


async def last_given(session: AsyncSession, link: AnswerLink) -> UUID | None:
    """The answer that was given last by the link."""
    query = select(Answer.id).where(col(Answer.answer_link_id) == link.id).order_by(col(Answer.id).desc())
    return (await session.exec(query.limit(1))).first()


async def receipt(session: AsyncSession, link: AnswerLink, answer_id: UUID) -> dict[str, Any] | None:
    """The context of a receipt; nothing if the answer was not given by this link."""
    answer = await session.get(Answer, answer_id)
    if answer is None or answer.answer_link_id != link.id:
        return None
    local = answer.at.astimezone(clock.LONDON)
    agencies = select(Escalation.agency_id).where(col(Escalation.reference).in_(answer.references)).distinct()
    return {
        "quarter": parse(link.period).name(),
        "agencies": sorted(in_words(one) for one in (await session.exec(agencies)).all()),
        "references": sorted(answer.references),
        "count": len(answer.references),
        "answer": CHOICE_LABELS[Choice(answer.choice)],
        "expected_on": day_in_words(answer.expected_on) if answer.expected_on else None,
        "note": answer.note,
        "at": f"{day_in_words(local.date())} at {local:%H:%M}",
        "unanswered": len(_unanswered(await _escalations(session, link))),
    }
