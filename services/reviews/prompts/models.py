"""Prompts: what a chair is reminded of once for each period of care."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.reviews.columns import Base


class PromptDoneBase(Shared):
    """What the table and the answers say of a prompt that was done."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str
    prompt: str
    care_since: date
    done_on: date
    done_by: str
    outcome: str | None = Column(
        default=None, description="What became of a Life Links referral; null while it is open, and of other prompts."
    )
    outcome_on: date | None = Column(default=None, description="When that was known.")


class PromptDone(PromptDoneBase, Base, table=True):
    """A prompt that was done, for one period of care."""
