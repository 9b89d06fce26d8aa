"""Child protection plans."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.conferences.columns import Base


class ProtectionPlanBase(Shared):
    """A child protection plan."""

    person_id: str = Column(foreign_key="protection.person_id")
    starts_on: date
    initial_category: str
    latest_category: str
    ends_on: date | None = None
    end_reason: str | None = None
    previous_plans: int = Column(default=0, description="The number of earlier plans.")
    previous_ended_on: date | None = None
    started_by: str | None = Column(default=None, description="The conference that made it.")
    ended_by: str | None = None
    chair_id: str | None = None
    area_id: str
    team: str | None = None
    version: int = 1


class ProtectionPlan(ProtectionPlanBase, Base, table=True):
    """A child protection plan. `previous_plans` counts those before it; `previous_ended_on` is when the last did.

    `started_by` and `ended_by` are references of conferences; plans imported from a return may have none. For those,
    `reviewed_before_on` is the last review before the return begins.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reviewed_before_on: date | None = None
    imported: bool = False
