"""Looked-after children, their periods of care, what is due for them, and what was voided."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records
from chassis.db.database import moment
from chassis.meetings.corrections import VoidedColumns
from chassis.meetings.deadlines import DeadlineColumns
from services.reviews.columns import Base, of_child


class LookedAfterChildBase(Shared):
    """What the table and the answers say of a child's care."""

    person_id: str = Column(primary_key=True)
    unaccompanied: bool = False
    advocacy_opted_out_on: date | None = None
    short_breaks_ended_on: date | None = None
    chair_id: str | None = Column(default=None, description="The Independent Reviewing Officer.")
    looked_after_since: date | None = Column(default=None, description="Null where the child is not looked after now.")
    legal_status: str | None = None
    short_breaks: bool = False
    secure_since: date | None = None
    last_visit_on: date | None = None
    registered_on: date = Column(description="When the child's care was first recorded here.")
    version: int = 1


class LookedAfterChild(LookedAfterChildBase, Base, table=True):
    """A child who is or was looked after, with their situation now. Who the child is stands in `chassis.child`."""


class PeriodOfCareBase(Shared):
    """What the table and the answers say of a period of care."""

    starts_on: date
    ends_on: date | None = None
    short_breaks: bool = False
    adoption_authorised_on: date | None = None
    reviews_before: int = 0
    reviewed_before_on: date | None = None


class PeriodOfCare(PeriodOfCareBase, Base, table=True):
    """One run of being looked after; an episode is `{starts_on, legal_status, placement}`.

    `reviews_before` says how many main reviews were held before this system's records begin, and `reviewed_before_on`
    when the last of them was.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    episodes: list[dict[str, Any]] = records()


class DeadlineBase(DeadlineColumns):
    """What the table and the answers say of a deadline."""

    person_id: str = of_child()
    track: str | None = None
    review_reference: str | None = Column(
        default=None, description="The review planned to meet it, or that it follows from."
    )


class Deadline(DeadlineBase, Base, table=True):
    """A deadline that is still open for a child; the row goes when it is met.

    `subject` is the kind of review, or the prompt. `event_on` is the day from which the deadline is counted; a due date
    never moves, and is replaced only when the event was a different one.
    """

    told_missed_on: date | None = None


class PersonMergeBase(Shared):
    """What the table and the answers say of a merge."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    from_person_id: str
    into_person_id: str
    merged_at: datetime = moment()
    merged_by: str
    undone_at: datetime | None = moment(nullable=True)
    undone_by: str | None = None


class PersonMerge(PersonMergeBase, Base, table=True):
    """A merge of two person numbers of one child, as it was followed here, once.

    `moved` lists the rows that were moved, so that it can be undone; `left_behind` is what could not be moved by rule,
    as `{kind, on, reference}`. Merges from before the children service kept them have a reason.
    """

    reason: str | None = None
    moved: dict[str, Any] = Column(default_factory=dict, sa_type=JSONB)
    left_behind: list[dict[str, Any]] = records()


class Voided(VoidedColumns, Base, table=True):
    """A row that was recorded by mistake."""
