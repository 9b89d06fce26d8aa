"""Review meetings, each child's part in them, who was invited, and what was corrected or escalated."""

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records, texts
from chassis.meetings.corrections import CorrectionColumns
from chassis.meetings.raised import RaisedColumns
from services.reviews.columns import Base, of_child
from services.reviews.moves import OF_REVIEW


class ReviewBase(Shared):
    """What the table and the answers say of a review."""

    reference: str
    state: str
    person_ids: list[str] = texts()
    planned_on: date
    planned_time: time | None = None
    chair_id: str
    area_id: str
    mode: str
    venue: str | None = None
    join_link: str | None = None
    early_trigger: str | None = None
    sat_on: date | None = Column(default=None, description="The day of the first sitting, if it was adjourned.")
    resumes_on: date | None = None
    held_on: date | None = None
    cancelled_on: date | None = None
    cancelled_because: str | None = None
    version: int = 1


class Review(ReviewBase, Base, table=True):
    """A review meeting of one or several children; `held_on` is the day on which it was completed.

    `sat_on` is the day of the first sitting where it was adjourned.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    panel: list[dict[str, Any]] = records()

    @property
    def can(self) -> list[str]:
        """What the caller can do with it as it stands now."""
        return OF_REVIEW.possible(self.state)


class ChildReviewBase(Shared):
    """What the table and the answers say of a child's part in a review."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    person_id: str = of_child()
    track: str
    kind: str
    due_on: date | None = Column(
        default=None, description="Set when the review was planned, and never moved; null for a disruption meeting."
    )
    event_on: date | None = Column(default=None, description="The day from which the due date is counted.")
    rule: str | None = Column(default=None, description="The rule that sets the due date, with its source.")
    chair_id: str
    area_id: str
    team: str | None = None
    contacted_beforehand_on: date | None = None
    consultation_sent_on: date | None = None
    consultation_returned_on: date | None = None
    social_worker_report_due_on: date | None = None
    social_worker_report_on: date | None = None
    held_on: date | None = None
    in_time: bool | None = None
    age: int | None = Column(default=None, description="In years on the day of the review.")
    remand: bool = False
    participation: str | None = None
    attended: bool | None = None
    seen_alone: bool | None = None
    views: str | None = None
    next_step: str | None = None
    next_due_on: date | None = None
    decisions_due_on: date | None = None
    decisions_on: date | None = None
    record_due_on: date | None = None
    record_text: str | None = None
    child_text: str | None = Column(default=None, description="The record in words for the child.")
    record_on: date | None = None
    distribution_due_on: date | None = None
    distributed_on: date | None = None
    distributed_to: list[str] = texts()


class ChildReview(ChildReviewBase, Base, table=True):
    """One child's part in a review meeting: why it was due, how the child took part, and what follows from it.

    `due_on` was set when the meeting was planned and stays; a disruption meeting has none. Dates of the stages after
    the meeting stand beside the dates by which they are due.
    """

    review_id: UUID = Column(sa_column_args=[ForeignKey("review.id")])
    cancelled: bool = False
    plan_checks: list[dict[str, Any]] = records()
    family_views: list[dict[str, Any]] = records()
    sat_on: date | None = None


class InvitationBase(Shared):
    """What the table and the answers say of an invitation."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    person_ids: list[str] = texts()
    name: str
    relationship: str
    agency_id: str | None = None
    email: str | None = None
    address: str | None = Column(default=None, description="The postal address.")
    automatic: bool = Column(
        default=False, description="Invited automatically: an advocate for children aged 8 or over."
    )
    invited_on: date
    attendance: str | None = None
    followed_up_on: date | None = None
    followed_up_by: str | None = None
    withdrawn_on: date | None = None
    version: int = 1


class Invitation(InvitationBase, Base, table=True):
    """Somebody who was invited to a review, whether they came, and what was done where a parent did not."""

    review_id: UUID = Column(sa_column_args=[ForeignKey("review.id")])


class Correction(CorrectionColumns, Base, table=True):
    """A correction to a review that was held; a change is `{about, field, earlier, later}`."""


class RaisedEscalation(RaisedColumns, Base, table=True):
    """An escalation or a positive challenge that was raised from a review, as the escalations service published it."""

    review_reference: str
