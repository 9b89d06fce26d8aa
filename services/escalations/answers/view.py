"""What a liaison officer sees of their quarter: by practice or team, with who it is about and what was answered."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base import clock
from chassis.base.fields import day_in_words, in_words
from chassis.command import Command
from chassis.law.periods import Period, parse
from chassis.papers.directory import Directory, Names
from services.escalations.answers.links import shared_links
from services.escalations.answers.models import Answer, AnswerLink
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.queries import TO_BE_ANSWERED
from services.escalations.rules import CHOICE_HINTS, CHOICE_LABELS, CLOSED, SUBJECT_NAMES, Choice, Kind, State

ALL, UNIT, THEME, ONE = "all", "unit", "theme", "one"
# The summary links here when no field in particular is wrong.
MAIN = "main"
CHOICES = [
    {"value": choice.value, "label": CHOICE_LABELS[choice], "hint": CHOICE_HINTS.get(choice)} for choice in Choice
]
# Repeats are shown over the quarter of the link and the three before it.
QUARTERS_LOOKED_AT = 4


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

    def with_errors(self, errors: dict[str, str], quarter: dict[str, Any]) -> "Form":
        """The form with what is wrong; `id` names it among the forms of the page."""
        groups = {UNIT: quarter["units"], THEME: quarter["themes"]}.get(self.scope, ())
        ids = {group["key"]: group["id"] for group in groups}
        return replace(self, errors=errors, id=ids.get(self.key, ALL))


def who(escalation: Escalation) -> str:
    """Who an escalation is about: the professional by name if that is known, the role, and the team."""
    role = in_words(escalation.agency_role)
    return ", ".join(part for part in (escalation.professional_name, role, escalation.professional_team) if part)


@dataclass(frozen=True)
class Shown:
    """What a link shows: its officer's escalations, the references of those to be answered now, and agencies' names."""

    link: AnswerLink
    expires_on: date
    escalations: list[Escalation]
    unanswered: set[str]
    names: Names

    def unit_name(self, escalation: Escalation) -> str:
        """The practice or team that can act, as people say it."""
        role, agency = in_words(escalation.agency_role), self.names.agency(escalation.agency_id)
        return escalation.professional_team or f"{role}, {agency}"

    def through(self) -> str:
        """Whose link it is, as the history says it: a link works for whoever holds it."""
        if self.link.unit is None:
            return "whoever holds the link sent to the officer"
        return f"whoever holds the link for {self.unit_name(self.escalations[0])}"


async def shown(command: Command, link: AnswerLink, current: AnswerLink) -> Shown:
    """What the link's officer is responsible for now, without what was withdrawn; a shared link has one unit's."""
    query = select(Escalation, TO_BE_ANSWERED).where(
        col(Escalation.reference).in_(current.references),
        col(Escalation.officer_id) == link.colleague_id,
        col(Escalation.returned_on).is_(None),
        col(Escalation.state) != State.WITHDRAWN,
    )
    ordered = query.order_by(col(Escalation.meeting_on), col(Escalation.reference))
    found = (await command.session.exec(ordered, params={"today": command.today})).all()
    mine = [(escalation, waits) for escalation, waits in found if link.unit in (None, escalation.unit)]
    return Shown(
        link,
        current.expires_on,
        [escalation for escalation, _ in mine],
        {escalation.reference for escalation, waits in mine if waits},
        await Directory(command.process).names_if_reached([], (escalation.agency_id for escalation, _ in mine)),
    )


async def latest_answers(session: AsyncSession, escalations: Sequence[Escalation]) -> dict[str, Answer]:
    """The latest answer to each escalation that has one."""
    references = [escalation.reference for escalation in escalations]
    query = select(Answer).where(col(Answer.references).overlap(references)).order_by(col(Answer.id))  # type: ignore[attr-defined]
    return {reference: answer for answer in (await session.exec(query)).all() for reference in answer.references}


async def quarter(session: AsyncSession, shown: Shown) -> dict[str, Any]:
    """The context of the page of the quarter."""
    link, escalations, unanswered = shown.link, shown.escalations, shown.unanswered
    answers = await latest_answers(session, escalations)
    period = parse(link.period)
    shared = [] if link.shared_from else await shared_links(session, link)

    def groups(kind: str, key: Callable[[Escalation], str], name: Callable[[Escalation], str]) -> list[dict[str, Any]]:
        grouped = _grouped(escalations, key, name)
        return [
            {"id": f"{kind}-{number}", "key": key(mine[0]), "name": name(mine[0])} | _group(mine, answers, unanswered)
            for number, mine in enumerate(grouped, 1)
        ]

    units = groups("unit", lambda escalation: escalation.unit, shown.unit_name)
    return {
        "choices": CHOICES,
        "quarter": {
            "name": period.name(),
            "unit": units[0]["name"] if link.unit and units else None,
            "total": len(escalations),
            "answered": len(escalations) - len(unanswered),
            "unanswered": len(unanswered),
            "care_planning": any(escalation.kind == Kind.CARE_PLANNING for escalation in escalations),
            "expires_on": day_in_words(shown.expires_on),
            "units": units,
            "themes": groups("theme", lambda escalation: escalation.subject, _subject),
            "repeats": await _repeats(session, shown, period),
            "shared": [{"id": link.id, "name": _named(units, link.unit)} for link in shared],
        },
    }


def _subject(escalation: Escalation) -> str:
    return SUBJECT_NAMES[escalation.subject]


def _named(units: Sequence[dict[str, Any]], key: str | None) -> str:
    return next((unit["name"] for unit in units if unit["key"] == key), "a practice or team with nothing left here")


def _grouped(
    escalations: Sequence[Escalation], key: Callable[[Escalation], str], name: Callable[[Escalation], str]
) -> list[list[Escalation]]:
    """Escalations that can be answered together, the most first, and each in the order of its meetings."""
    grouped: dict[str, list[Escalation]] = defaultdict(list)
    for escalation in escalations:
        grouped[key(escalation)].append(escalation)
    return sorted(grouped.values(), key=lambda mine: (-len(mine), name(mine[0])))


def _group(escalations: Sequence[Escalation], answers: dict[str, Answer], unanswered: set[str]) -> dict[str, Any]:
    waiting = sum(escalation.reference in unanswered for escalation in escalations)
    return {
        "total": len(escalations),
        "answered": len(escalations) - waiting,
        "unanswered": waiting,
        "escalations": [row(escalation, answers.get(escalation.reference)) for escalation in escalations],
    }


def row(escalation: Escalation, answer: Answer | None) -> dict[str, Any]:
    """One escalation in the list."""
    return {
        "reference": escalation.reference,
        "meeting": ", ".join(part for part in (escalation.meeting_reference, _met(escalation)) if part),
        "who": who(escalation),
        "missing": _subject(escalation),
        "answer": _label(answer),
        "settled": escalation.state != State.OPEN,
    }


def _met(escalation: Escalation) -> str:
    return day_in_words(escalation.meeting_on or escalation.raised_on)


def _label(answer: Answer | None) -> str | None:
    if answer is None:
        return None
    label = CHOICE_LABELS[Choice(answer.choice)]
    return f"{label} until {day_in_words(answer.expected_on)}" if answer.expected_on else label


async def _repeats(session: AsyncSession, shown: Shown, period: Period) -> dict[str, Any]:
    """The professionals and the teams of the link about whom more than one was raised in the last four quarters."""
    first = period
    for _ in range(QUARTERS_LOOKED_AT - 1):
        first = first.previous()
    query = select(Escalation).where(
        col(Escalation.kind) == Kind.CONFERENCE_CONTRIBUTION,
        col(Escalation.agency_id).in_({escalation.agency_id for escalation in shown.escalations}),
        col(Escalation.area_id).in_({escalation.area_id for escalation in shown.escalations}),
        col(Escalation.raised_on).between(first.first, period.last),
        col(Escalation.state) != State.WITHDRAWN,
    )
    units = {escalation.unit for escalation in shown.escalations}
    found = [escalation for escalation in (await session.exec(query)).all() if escalation.unit in units]
    return {
        "since": day_in_words(first.first),
        "people": _most(found, lambda escalation: who(escalation) if escalation.professional_name else None),
        "teams": _most(found, shown.unit_name),
    }


def _most(escalations: Sequence[Escalation], name: Callable[[Escalation], str | None]) -> list[dict[str, Any]]:
    counts = Counter(named for escalation in escalations if (named := name(escalation)) is not None)
    return [{"name": named, "count": count} for named, count in counts.most_common() if count > 1]


async def escalation(session: AsyncSession, shown: Shown, reference: str) -> dict[str, Any] | None:
    """The context of the page of one escalation; None if it is not the officer's."""
    found = next((item for item in shown.escalations if item.reference == reference), None)
    if found is None:
        return None
    answer = (await latest_answers(session, [found])).get(reference)
    return row(found, answer) | {
        "raised_on": day_in_words(found.raised_on),
        "answered": _by_whom(answer, shown.link) if answer else None,
        "note": answer.note if answer else None,
        "closed": found.state in CLOSED,
    }


def _by_whom(answer: Answer, link: AnswerLink) -> str:
    if answer.answer_link_id is None:
        by = "the chairs’ team for you"
    else:
        by = "you" if answer.answer_link_id == link.id else answer.answered_through or "another of your links"
    return f"by {by} on {day_in_words(answer.answered_on)}"


def references_for(shown: Shown, scope: str, key: str, *, again: bool) -> list[str]:
    """The escalations that an answer is for: those not answered yet or, with `again`, all that are open."""
    return sorted(
        escalation.reference
        for escalation in shown.escalations
        if (again or escalation.reference in shown.unanswered)
        and escalation.state not in CLOSED
        and (
            scope == ALL
            or (scope, key) in {(ONE, escalation.reference), (THEME, escalation.subject), (UNIT, escalation.unit)}
        )
    )


async def latest_answer(session: AsyncSession, link: AnswerLink) -> UUID | None:
    """The latest answer that was given by the link."""
    query = select(Answer.id).where(col(Answer.answer_link_id) == link.id).order_by(col(Answer.id).desc())
    return (await session.exec(query.limit(1))).first()


async def receipt(command: Command, shown: Shown, answer_id: UUID) -> dict[str, Any] | None:
    """The context of a receipt; None if the answer was not given by this link."""
    answer = await command.session.get(Answer, answer_id)
    if answer is None or answer.answer_link_id != shown.link.id:
        return None
    local = answer.at.astimezone(clock.LONDON)
    query = select(Escalation.agency_id).where(col(Escalation.reference).in_(answer.references)).distinct()
    agencies = (await command.session.exec(query)).all()
    names = await Directory(command.process).names_if_reached([], agencies)
    return {
        "quarter": parse(shown.link.period).name(),
        "agencies": sorted(names.agency(agency) for agency in agencies),
        "references": sorted(answer.references),
        "count": len(answer.references),
        "answer": CHOICE_LABELS[Choice(answer.choice)],
        "not_ours": answer.choice is Choice.NOT_OUR_STAFF,
        "expected_on": day_in_words(answer.expected_on) if answer.expected_on else None,
        "note": answer.note,
        "at": f"{day_in_words(local.date())} at {local:%H:%M}",
        "unanswered": len(shown.unanswered),
    }
