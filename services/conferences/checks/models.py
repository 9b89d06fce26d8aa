"""Checks of plans, and 12-month discussions."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records, texts
from services.conferences.columns import Base


class PlanCheckBase(Shared):
    """A check of a plan between two conferences."""

    kind: str
    reference: str = Column(description="The last conference, or the one being prepared.")
    person_id: str = Column(foreign_key="protection.person_id")
    due_on: date | None = None
    done_on: date
    done_by: str
    visits_in_time: bool
    core_groups_held: bool
    progress: str | None = None
    impact: str | None = None
    concern: str | None = None
    concern_to: str | None = None
    concern_to_id: str | None = None


class PlanCheck(PlanCheckBase, Base, table=True):
    """That a chair looked at a plan between conferences, and what they found; a concern goes to somebody."""

    id: UUID = Column(default_factory=new_id, primary_key=True)


class TwelveMonthDiscussionBase(Shared):
    """A discussion before a child reaches 12 months on a plan."""

    person_id: str = Column(foreign_key="protection.person_id")
    plan_id: UUID = Column(foreign_key="protection_plan.id")
    due_on: date
    held_on: date
    led_by: str
    chair_id: str | None = Column(default=None, description="The allocated chair on that day.")
    attended: list[str] = texts()
    conclusion: str


class TwelveMonthDiscussion(TwelveMonthDiscussionBase, Base, table=True):
    """A discussion before a child reaches 12 months on a plan, led by another chair than the allocated one."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    agenda: list[dict[str, Any]] = records()
