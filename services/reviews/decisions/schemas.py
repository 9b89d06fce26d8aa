"""Decisions of a review, and the manager's answers."""

from typing import Self

from pydantic import Field, model_validator

from chassis.access.moves import can
from chassis.base.fields import Day, Input, Line, PastDay, Words
from chassis.base.validation import contradiction
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.reviews.decisions.models import DecisionBase
from services.reviews.rules.vocabulary import DecisionState


class DecisionIn(Input):
    """A decision of a review for a child."""

    decision: Words
    owner: Line = Field(description="Who carries it out: a role or a colleague.")
    due_on: Day | None = None


class DecisionsIn(Input):
    """All decisions of a review for a child. Recording them sends them to the manager."""

    decided_on: PastDay | None = Field(default=None, description="When they were written; today by default.")
    decisions: list[DecisionIn] = Field(default_factory=list, max_length=50)
    none_needed: bool = Field(default=False, description="True if the review decided nothing for this child.")

    @model_validator(mode="after")
    def _some_or_none(self) -> Self:
        if not self.decisions and not self.none_needed:
            contradiction("too_short", "Enter the decisions, or say that none were needed.", "decisions")
        if self.decisions and self.none_needed:
            contradiction("none_needed", "There are decisions, so some were needed.", "none_needed")
        return self


class ObjectionIn(Input):
    """Why a manager objects to a decision."""

    objection: Words


class SettlementIn(Input):
    """How an objection was settled, informally or by escalation."""

    settlement: Words


class DecisionCheckIn(Input):
    """Whether the chair found a decision carried out."""

    implemented: bool


class DecisionOut(DecisionBase, Named):
    """A decision of a review for a child."""

    state: DecisionState
    can: list[str] = can()


class DecisionPage(Page[DecisionOut]):
    """One page of decisions, newest first."""
