"""Positive challenges and good practice."""

from datetime import date
from uuid import UUID

from sqlmodel import AutoString, Field

from chassis.base.fields import new_id
from chassis.db.columns import TEXTS, Shared
from services.escalations.models import Base
from services.escalations.moves import OF_CHALLENGE
from services.escalations.rules import ChallengeState, Theme


class ChallengeBase(Shared):
    """A positive challenge."""

    reference: str = Field(description="Such as `CHA-2019-0007`.")
    state: ChallengeState = Field(sa_type=AutoString)
    theme: Theme = Field(sa_type=AutoString)
    person_ids: list[str] = Field(sa_type=TEXTS)
    about: str
    team: str | None = None
    area_id: str
    meeting_reference: str | None = None
    raised_on: date
    raised_by: str
    owner_id: str
    outcome: str | None = None
    closed_on: date | None = None
    escalation_reference: str | None = Field(default=None, description="The formal escalation that was raised from it.")
    version: int


class Challenge(Base, ChallengeBase, table=True):
    """A positive challenge: the informal step before an escalation, counted separately."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1

    @property
    def can(self) -> list[str]:
        """What the caller can do with it as it stands now."""
        return OF_CHALLENGE.possible(self.state)


class GoodPracticeBase(Shared):
    """Good practice that was noted."""

    reference: str = Field(description="Such as `GOO-2019-0003`.")
    person_ids: list[str] = Field(sa_type=TEXTS)
    worker_name: str
    team: str
    area_id: str
    practice: str
    noted_on: date
    noted_by: str
    fed_back_on: date | None = None
    manager_copied_on: date | None = None
    version: int


class GoodPractice(Base, GoodPracticeBase, table=True):
    """Good practice that was fed back to the worker, with a copy to the manager."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
