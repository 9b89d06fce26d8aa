"""What happens between reviews: contacts, checks, approvals, feedback, referrals, and links to escalations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import texts
from chassis.db.database import moment
from services.reviews.columns import Base, Shared, of_child


class ContactBase(Shared):
    """What the table and the answers say of a contact."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    kind: str
    happened_on: date
    made_by: str
    seen_alone: bool | None = None
    note: str | None = None
    recorded_at: datetime = moment()


class Contact(ContactBase, Base, table=True):
    """That a chair visited a child or was in touch with them."""


class MidpointCheckBase(Shared):
    """What the table and the answers say of a midpoint check."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    reviewed_on: date
    due_on: date
    done_on: date
    done_by: str
    on_track: bool
    note: str | None = None


class MidpointCheck(MidpointCheckBase, Base, table=True):
    """That a chair checked, halfway between two reviews, how the plan goes on."""


class PromptDoneBase(Shared):
    """What the table and the answers say of a prompt that was done."""

    person_id: str = Column(primary_key=True)
    prompt: str = Column(primary_key=True)
    care_since: date = Column(primary_key=True)
    done_on: date
    done_by: str


class PromptDone(PromptDoneBase, Base, table=True):
    """That something of which a chair is reminded was seen to, for one period of care."""


class LeavingCareDecisionBase(Shared):
    """What the table and the answers say of an approval to leave care."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    approval: str
    requested_on: date
    decided_on: date | None = None
    approved: bool | None = None
    decided_by: str | None = None
    note: str | None = None
    version: int = 1


class LeavingCareDecision(LeavingCareDecisionBase, Base, table=True):
    """Whether a nominated officer or the director approved that a child leaves care (regulation 39)."""


class FeedbackBase(Shared):
    """What the table and the answers say of feedback."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    from_whom: str
    rating: str
    comment: str | None = None
    given_on: date
    recorded_by: str


class Feedback(FeedbackBase, Base, table=True):
    """What a child, a family, a carer or a professional said about a review."""

    person_ids: list[str] = texts()


class DisruptionReferralBase(Shared):
    """What the table and the answers say of a referral."""

    reference: str = Column(description="Such as `DIS-2019-0003`.")
    person_id: str = of_child()
    placement: str
    referred_on: date
    referred_by: str
    reason: str
    state: str
    decided_on: date | None = None
    decided_by: str | None = None
    declined_because: str | None = None
    chair_id: str | None = None
    review_reference: str | None = None
    version: int = 1


class DisruptionReferral(DisruptionReferralBase, Base, table=True):
    """A referral for a meeting about a placement that broke down; it is accepted or declined with a reason."""

    id: UUID = Column(default_factory=new_id, primary_key=True)


class RaisedEscalation(Base, table=True):
    """An escalation or a positive challenge that was raised from a review, as its owner told."""

    reference: str = Column(primary_key=True)
    review_reference: str
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
