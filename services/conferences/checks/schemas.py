"""Checks of plans, and 12-month discussions."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from chassis.base.fields import ColleagueId, Input, Line, PastDay, Words
from chassis.base.validation import contradiction
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.conferences.checks.models import PlanCheckBase, TwelveMonthDiscussionBase
from services.conferences.rules.vocabulary import CheckKind, ConcernTo


class ConferencePlanCheckIn(Input):
    """A check of a plan between two conferences."""

    kind: CheckKind
    done_on: PastDay | None = Field(default=None, description="Today, if left out.")
    visits_in_time: bool = Field(description="Whether the statutory visits were made in time.")
    core_groups_held: bool
    progress: Words | None = Field(default=None, description="How the plan is progressing.")
    impact: Words | None = Field(default=None, description="What is different for the child.")
    concern: Words | None = None
    concern_to: ConcernTo | None = Field(default=None, description="Who the concern is sent to.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.concern is None) != (self.concern_to is None):
            contradiction(
                "both_or_neither", "Enter both a concern and who it is sent to, or neither.", "concern", "concern_to"
            )
        return self


class ConferencePlanCheckOut(PlanCheckBase, Named):
    """A check of a plan between two conferences."""

    id: UUID
    kind: CheckKind
    concern_to: ConcernTo | None


class ConferencePlanCheckPage(Page[ConferencePlanCheckOut]):
    """One page of checks, newest first."""


class Topic(StrEnum):
    """The formal agenda of a 12-month discussion."""

    PROGRESS = "progress"
    IMPACT = "impact"
    BARRIERS = "barriers"
    VISITS_AND_CORE_GROUPS = "visits_and_core_groups"
    ALTERNATIVES = "alternatives"
    NEXT_STEPS = "next_steps"


class AgendaItemIn(Input):
    """A topic of the agenda, with what was said."""

    topic: Topic
    note: Words


class TwelveMonthDiscussionIn(Input):
    """A discussion before a child reaches 12 months on a plan."""

    held_on: PastDay | None = Field(default=None, description="Today, if left out.")
    led_by: ColleagueId = Field(description="A chair other than the allocated one.")
    attended: list[Line] = Field(default_factory=list, max_length=30)
    agenda: list[AgendaItemIn] = Field(min_length=1, max_length=6)
    conclusion: Words

    @model_validator(mode="after")
    def _whole_agenda(self) -> Self:
        topics = [item.topic for item in self.agenda]
        if sorted(topics) != sorted(Topic):
            contradiction("whole_agenda", f"Enter each topic of the agenda once: {', '.join(Topic)}.", "agenda")
        return self


class AgendaItemOut(BaseModel):
    """A topic of the agenda, with what was said."""

    topic: Topic
    note: str


class TwelveMonthDiscussionOut(TwelveMonthDiscussionBase, Named):
    """A discussion before a child reaches 12 months on a plan."""

    id: UUID
    agenda: list[AgendaItemOut]


class TwelveMonthDiscussionPage(Page[TwelveMonthDiscussionOut]):
    """One page of discussions, newest first."""
