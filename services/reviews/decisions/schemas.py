"""Decisions of a review, and the manager's answers."""

from pydantic import Field

from chassis.access.moves import can
from chassis.base.fields import Day, Input, Line, PastDay, Words
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
    decisions: list[DecisionIn] = Field(min_length=1, max_length=50)


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
