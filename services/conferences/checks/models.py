"""What happens between conferences: core groups, checks, 12-month discussions, feedback, and links to escalations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records, texts
from chassis.db.database import moment
from services.conferences.columns import Base, of_child, of_plan


class CoreGroupBase(Shared):
    """A meeting of a child's core group, held or missed."""

    reference: str = Column(description="The conference that the group follows.")
    person_id: str = of_child()
    due_on: date
    held_on: date | None = None
    missed_because: str | None = None
    next_on: date | None = None
    recorded_on: date
    recorded_by: str


class CoreGroup(CoreGroupBase, Base, table=True):
    """A meeting of a child's core group: held, or missed with the reason. `next_on` is the day that it agreed."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    attended: list[dict[str, Any]] = records()
    event_on: date


class PlanCheckBase(Shared):
    """How a plan stood between two conferences."""

    kind: str
    reference: str = Column(description="The last conference, or the one that is prepared.")
    person_id: str = of_child()
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

    person_id: str = of_child()
    plan_id: UUID = of_plan()
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


class FeedbackBase(Shared):
    """What somebody said about a conference."""

    reference: str
    from_whom: str
    rating: str
    comment: str | None = None
    given_on: date
    recorded_by: str


class Feedback(FeedbackBase, Base, table=True):
    """What a child, a family, a carer or a professional said about a conference."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_ids: list[str] = texts()


class RaisedEscalation(Base, table=True):
    """An escalation or a positive challenge that was raised about a conference, as its owner told."""

    reference: str = Column(primary_key=True)
    conference_reference: str
    formal: bool
    raised_on: date
    closed_on: date | None = None


class TakenBack(Base, table=True):
    """Something that was written down by mistake: `said` is the row as it was, of the table that `kind` names."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    kind: str
    person_ids: list[str] = texts()
    said: dict[str, Any] = Column(sa_type=JSONB)
    taken_back_at: datetime = moment()
    taken_back_by: str
    because: str
