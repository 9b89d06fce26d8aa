"""What follows a review: decisions, records, and their way to those who are to have them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.base.fields import Day, Input, Line, PastDay, Words, without_nul
from chassis.web.pagination import Page
from services.reviews.meetings.models import DecisionBase
from services.reviews.rules.vocabulary import DecisionState


class DecisionIn(Input):
    """A decision of a review for a child."""

    decision: Words
    owner: Line = Field(description="Who carries it out: a role or a colleague.")
    due_on: Day | None = None


class DecisionsIn(Input):
    """All decisions of a review for a child; writing them down sends them to the manager."""

    decided_on: PastDay | None = Field(default=None, description="The day on which they were written; today, if empty.")
    decisions: list[DecisionIn] = Field(min_length=1, max_length=50)


class ObjectionIn(Input):
    """Why a manager objects to a decision."""

    objection: Words


class SettlementIn(Input):
    """How an objection was settled, informally or by escalation."""

    settlement: Words


class DecisionCheckIn(Input):
    """Whether a decision was carried out, as the chair found it."""

    implemented: bool


class DecisionOut(DecisionBase):
    """A decision of a review for a child."""

    state: DecisionState


class DecisionPage(Page[DecisionOut]):
    """One page of decisions, newest first."""


class RecordIn(Input):
    """The record of a review for a child, as far as it is written; what is left out stays."""

    record_text: Annotated[str, Field(max_length=100_000), AfterValidator(without_nul)] | None = None
    child_text: Annotated[str, Field(max_length=20_000), AfterValidator(without_nul)] | None = Field(
        default=None, description="In words for the child."
    )


class CompleteRecordIn(Input):
    """That the full record is complete."""

    completed_on: PastDay | None = Field(default=None, description="Today, if left out.")


class DistributeRecordIn(Input):
    """To whom the record was given, and when."""

    distributed_on: PastDay | None = Field(default=None, description="Today, if left out.")
    recipients: list[Line] = Field(min_length=1, max_length=50)
