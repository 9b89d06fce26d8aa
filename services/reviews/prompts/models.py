"""Prompts: what a chair is reminded of once for each period of care."""

from datetime import date

from sqlmodel import Field as Column

from chassis.db.columns import Shared
from services.reviews.columns import Base


class PromptDoneBase(Shared):
    """What the table and the answers say of a prompt that was done."""

    person_id: str = Column(primary_key=True)
    prompt: str = Column(primary_key=True)
    care_since: date = Column(primary_key=True)
    done_on: date
    done_by: str


class PromptDone(PromptDoneBase, Base, table=True):
    """A prompt that was done, for one period of care."""
