"""Positive challenges and good practice."""

from pydantic import Field

from chassis.base.fields import ColleagueId, Day, Input, Line, MeetingReference, PastDay, PersonIds, Slug, Words
from chassis.web.pagination import Page
from services.escalations.challenges.models import ChallengeBase, GoodPracticeBase
from services.escalations.rules import Theme


class ChallengeIn(Input):
    """A positive challenge: what a chair takes up informally first."""

    theme: Theme
    person_ids: PersonIds
    about: Words
    team: Line | None = None
    area_id: Slug
    meeting_reference: MeetingReference | None = Field(default=None, description="The meeting that gave cause.")
    raised_on: PastDay | None = Field(default=None, description="Today, if left out; never in the future.")
    owner_id: ColleagueId | None = Field(default=None, description="Whoever asks, if left out.")


class ChallengeOut(ChallengeBase):
    """A positive challenge."""


class ChallengePage(Page[ChallengeOut]):
    """One page of positive challenges, newest first."""


class OutcomeIn(Input):
    """What came of a positive challenge."""

    outcome: Words


class RaiseFormallyIn(Input):
    """To whom a positive challenge is escalated formally."""

    agency_id: Slug
    agency_role: Slug
    professional_name: Line | None = None
    professional_team: Line | None = None
    note: Words | None = None


class GoodPracticeIn(Input):
    """Good practice worth telling the worker, with a copy to the manager."""

    person_ids: PersonIds
    worker_name: Line
    team: Line
    area_id: Slug
    practice: Words
    noted_on: PastDay | None = Field(default=None, description="Today, if left out; never in the future.")
    fed_back_on: Day | None = None
    manager_copied_on: Day | None = None


class GoodPracticeOut(GoodPracticeBase):
    """Good practice that was noted."""


class GoodPracticePage(Page[GoodPracticeOut]):
    """One page of good practice, newest first."""
