"""Positive challenges and good practice."""

from pydantic import Field

from chassis.access.moves import can
from chassis.base.fields import ColleagueId, Day, Input, Line, MeetingReference, PastDay, PersonIds, Slug, Words
from chassis.meetings.warnings import WarningOut
from chassis.web.pagination import Page
from services.escalations.challenges.models import ChallengeBase, GoodPracticeBase
from services.escalations.rules import Theme


class ChallengeIn(Input):
    """A positive challenge: the informal step before an escalation."""

    theme: Theme
    person_ids: PersonIds
    about: Words
    team: Line | None = None
    area_id: Slug
    meeting_reference: MeetingReference | None = Field(default=None, description="The meeting that it comes from.")
    raised_on: PastDay | None = Field(default=None, description="Today, if left out. Never in the future.")
    owner_id: ColleagueId | None = Field(default=None, description="You, if left out.")


class ChallengeOut(ChallengeBase):
    """A positive challenge."""

    can: list[str] = can()


class RaisedChallengeOut(ChallengeOut):
    """A positive challenge that was recorded."""

    warnings: list[WarningOut] = Field(description="What to look at again; nothing was refused.")


class ChallengePage(Page[ChallengeOut]):
    """One page of positive challenges, newest first."""


class OutcomeIn(Input):
    """The outcome of a positive challenge."""

    outcome: Words
    closed_on: PastDay | None = Field(default=None, description="Today, if left out. Never in the future.")


class RaiseFormallyIn(Input):
    """Who a positive challenge is escalated to."""

    agency_id: Slug
    agency_role: Slug
    professional_name: Line | None = None
    professional_team: Line | None = None
    note: Words | None = None


class GoodPracticeIn(Input):
    """Good practice to feed back to the worker, with a copy to the manager."""

    person_ids: PersonIds
    worker_name: Line
    team: Line
    area_id: Slug
    practice: Words
    noted_on: PastDay | None = Field(default=None, description="Today, if left out. Never in the future.")
    fed_back_on: Day | None = None
    manager_copied_on: Day | None = None


class GoodPracticeOut(GoodPracticeBase):
    """Good practice that was noted."""


class NotedGoodPracticeOut(GoodPracticeOut):
    """Good practice that was recorded."""

    warnings: list[WarningOut] = Field(description="What to look at again; nothing was refused.")


class GoodPracticePage(Page[GoodPracticeOut]):
    """One page of good practice, newest first."""
