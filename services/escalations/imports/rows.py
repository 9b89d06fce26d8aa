"""Rows of imported history, and how they are checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ValidationError, model_validator
from sqlmodel import select

from chassis.base.fields import ColleagueId, Input, Line, PastDay, Words
from chassis.base.problems import violation_of
from chassis.command import Command
from chassis.events.directory_replica import ReplicaEntry
from chassis.web.importing import Report
from services.escalations.escalations.schemas import EscalationIn, Reference
from services.escalations.rules import AGENCY, AREA, COLLEAGUE, Choice, State

Model = TypeVar("Model", bound=BaseModel)


class PastOutcome(Input):
    """How a past escalation was answered, closed, or both."""

    answer: Choice | None = None
    answered_on: date | None = None
    answered_by: ColleagueId | None = None
    expected_on: date | None = None
    answer_note: Line | None = None
    state: Literal[State.RESOLVED, State.WITHDRAWN] | None = None
    closed_on: date | None = None
    closed_by: ColleagueId | None = None
    closing_note: Words | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.answer is None) != (self.answered_on is None):
            raise ValueError("An answer has a day, answered_on, and a day has an answer.")
        if (self.answer is Choice.STILL_LOOKING) != (self.expected_on is not None):
            raise ValueError("The answer still_looking has a day, expected_on, and no other answer has.")
        if (self.state is None) != (self.closed_on is None):
            raise ValueError("A state has a day, closed_on, and a day has a state.")
        return self

    def days(self) -> list[date]:
        """The days on which it was answered and closed, as far as it was."""
        return [day for day in (self.answered_on, self.closed_on) if day is not None]


class ImportRow(PastOutcome, EscalationIn):
    """A past escalation and its outcome."""

    reference: Reference | None = None
    raised_on: PastDay
    raised_by: ColleagueId | None = None
    owner_id: ColleagueId

    @model_validator(mode="after")
    def _is_raised_first(self) -> Self:
        if any(day < self.raised_on for day in self.days()):
            raise ValueError("An escalation is raised before it is answered or closed.")
        return self


class OutcomeRow(PastOutcome):
    """The outcome of an escalation that is already known."""

    reference: Reference

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.days():
            raise ValueError("Give the answer, the closing, or both.")
        return self


COLUMNS = tuple(ImportRow.model_fields)
REQUIRED = tuple(name for name, field in ImportRow.model_fields.items() if field.is_required())
OUTCOME_REQUIRED = ("reference",)
OUTCOME_COLUMNS = (*OUTCOME_REQUIRED, *PastOutcome.model_fields)


def read_row(model: type[Model], number: int, said: Mapping[str, Any], report: Report) -> Model | None:
    """A row of a file; None if it is invalid, which is reported."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        for wrong in map(violation_of, error.errors()):
            report.add(number, wrong.field, wrong.message)
        return None


@dataclass(frozen=True)
class Directory:
    """The colleagues, agencies and areas that rows may name, including former ones."""

    colleagues: frozenset[str]
    agencies: dict[str, frozenset[str]]
    areas: frozenset[str]

    @classmethod
    async def known(cls, command: Command) -> "Directory":
        """The directory as this service knows it."""
        rows = (await command.session.exec(select(ReplicaEntry.kind, ReplicaEntry.id, ReplicaEntry.attributes))).all()
        ids = {wanted: frozenset(key for kind, key, _ in rows if kind == wanted) for wanted in (COLLEAGUE, AREA)}
        agencies = {key: frozenset(read.get("roles", [])) for kind, key, read in rows if kind == AGENCY}
        return cls(ids[COLLEAGUE], agencies, ids[AREA])

    def wrong(self, row: ImportRow) -> Iterator[tuple[str, str]]:
        """Fields of a row that name something unknown, and why."""
        for name in ("owner_id", "raised_by", "answered_by", "closed_by"):
            if (colleague := getattr(row, name)) is not None and colleague not in self.colleagues:
                yield name, "The directory has no such colleague."
        if row.area_id not in self.areas:
            yield "area_id", "The directory has no such area."
        if row.agency_id not in self.agencies:
            yield "agency_id", "The directory has no such agency."
        elif row.agency_role not in self.agencies[row.agency_id]:
            yield "agency_role", "The agency has no such role."
