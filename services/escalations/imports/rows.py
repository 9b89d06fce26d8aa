"""Rows of imported history, and their rules."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from chassis.base.fields import Input, Line, Words
from chassis.importing.rows import DayPast, KnownAgency, KnownArea, KnownColleague, RoleOfAgency
from services.escalations.escalations.schemas import EscalationIn, Reference
from services.escalations.rules import Choice, State


class PastOutcome(Input):
    """How a past escalation was answered, closed, or both."""

    answer: Choice | None = None
    answered_on: DayPast | None = None
    answered_by: KnownColleague | None = None
    expected_on: date | None = None
    answer_note: Line | None = None
    state: Literal[State.RESOLVED, State.WITHDRAWN] | None = None
    closed_on: DayPast | None = None
    closed_by: KnownColleague | None = None
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


class PastEscalation(PastOutcome, EscalationIn):
    """A past escalation and its outcome."""

    reference: Reference | None = None
    meeting_on: DayPast | None = None
    raised_on: DayPast
    raised_by: KnownColleague | None = None
    owner_id: KnownColleague
    agency_id: KnownAgency
    agency_role: RoleOfAgency
    area_id: KnownArea

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
