"""What happens between conferences: core groups, checks, 12-month discussions, feedback."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, RootModel, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PastDay, PersonIds, Words
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.pagination import Page
from services.conferences.checks.models import CoreGroupBase, FeedbackBase, PlanCheckBase, TwelveMonthDiscussionBase
from services.conferences.rules.vocabulary import CheckKind, ConcernTo


class GroupMemberIn(Input):
    """Somebody of a core group, and whether they came."""

    name: Line
    role: Line
    attended: bool


class CoreGroupIn(Input):
    """A core group of one or several children that met, or that did not."""

    person_ids: PersonIds
    held_on: PastDay | None = None
    missed_because: Words | None = Field(default=None, description="Why it did not meet when it was due.")
    attended: list[GroupMemberIn] = Field(default_factory=list, max_length=40)
    next_on: Day | None = Field(default=None, description="The day of the next one, as it was agreed.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.held_on is None) == (self.missed_because is None):
            raise ValueError("A core group was held, on held_on, or missed, with the reason in missed_because.")
        if self.missed_because is not None and self.next_on is None:
            raise ValueError("Where one was missed, next_on says when it meets instead.")
        if self.held_on is not None and self.next_on is not None and self.next_on <= self.held_on:
            raise ValueError("The next one is after this one.")
        return self


class GroupMemberOut(BaseModel):
    """Somebody of a core group, and whether they came."""

    name: str
    role: str
    attended: bool


class CoreGroupOut(CoreGroupBase):
    """A core group that met, or that did not."""

    id: UUID
    attended: list[GroupMemberOut]


class CoreGroupsOut(RootModel[list[CoreGroupOut]]):
    """The core groups of several children that were written down together, in the order asked for."""


class CoreGroupPage(Page[CoreGroupOut]):
    """One page of core groups, newest first by the day on which they were due."""


class ConferencePlanCheckIn(Input):
    """How a plan stood between two conferences."""

    kind: CheckKind
    done_on: PastDay | None = Field(default=None, description="Today, if left out.")
    visits_in_time: bool = Field(description="Whether the statutory visits were made in time.")
    core_groups_held: bool
    progress: Words | None = Field(default=None, description="How the plan goes on.")
    impact: Words | None = Field(default=None, description="What is different for the child.")
    concern: Words | None = None
    concern_to: ConcernTo | None = Field(default=None, description="To whom the concern goes.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.concern is None) != (self.concern_to is None):
            raise ValueError("A concern goes to somebody.")
        return self


class ConferencePlanCheckOut(PlanCheckBase):
    """How a plan stood between two conferences."""

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
    """What was said to a topic of the agenda."""

    topic: Topic
    note: Words


class TwelveMonthDiscussionIn(Input):
    """A discussion before a child reaches 12 months on a plan."""

    held_on: PastDay | None = Field(default=None, description="Today, if left out.")
    led_by: ColleagueId = Field(description="A chair, and not the allocated one.")
    attended: list[Line] = Field(default_factory=list, max_length=30)
    agenda: list[AgendaItemIn] = Field(min_length=1, max_length=6)
    conclusion: Words

    @model_validator(mode="after")
    def _whole_agenda(self) -> Self:
        topics = [one.topic for one in self.agenda]
        if sorted(topics) != sorted(Topic):
            raise ValueError(f"Each topic of the agenda once: {', '.join(Topic)}.")
        return self


class AgendaItemOut(BaseModel):
    """What was said to a topic of the agenda."""

    topic: Topic
    note: str


class TwelveMonthDiscussionOut(TwelveMonthDiscussionBase):
    """A discussion before a child reaches 12 months on a plan."""

    id: UUID
    agenda: list[AgendaItemOut]


class TwelveMonthDiscussionPage(Page[TwelveMonthDiscussionOut]):
    """One page of discussions, newest first."""


class ConferenceFeedbackIn(Input):
    """What somebody said about a conference."""

    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today, if left out.")


class ConferenceFeedbackOut(FeedbackBase):
    """Feedback about a conference."""

    id: UUID
    from_whom: FeedbackFrom
    rating: Rating


class ConferenceFeedbackPage(Page[ConferenceFeedbackOut]):
    """One page of feedback, newest first."""
