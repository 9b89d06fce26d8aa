"""The events this service publishes: identifiers, dates and statuses, never names or free text."""

from datetime import date
from uuid import UUID

from chassis.access.visibility import LookedAfterChildVisibilityChanged
from chassis.children.events import ChildFound
from chassis.events.event import Event
from chassis.meetings.codes import LinkCodeRequested
from chassis.meetings.handing_over import HandOverFollowed
from chassis.papers.distribution import PaperLinkRequested


class ChildRegistered(Event):
    """A child became looked after, or the day they became so was corrected."""

    type = "looked_after_child.registered"
    about = "person_id"

    person_id: str
    looked_after_since: date
    area_id: str
    version: int


class ChildCeased(Event):
    """A child stopped being looked after, or was merged into another number."""

    type = "looked_after_child.ceased"
    about = "person_id"

    person_id: str
    ceased_on: date
    version: int


class ChairAllocated(Event):
    """A child has a new Independent Reviewing Officer."""

    type = "chair.allocated"
    about = "person_id"

    person_id: str
    chair_id: str
    earlier_chair_id: str | None
    starts_on: date
    version: int


class ReviewsHandedOver(HandOverFollowed):
    """A chair's looked-after children and coming reviews were handed over, but for conflicts of the new chair."""

    type = "reviews.handed_over"


class ReviewEvent(Event):
    """Something happened to a review meeting."""

    about = "reference"

    reference: str
    chair_id: str
    version: int


class ReviewPlanned(ReviewEvent):
    """A review was planned."""

    type = "review.planned"

    planned_on: date
    person_ids: list[str]


class ParentInvited(Event):
    """A parent without an email was invited to a review: a letter goes to their address."""

    type = "review.parent_invited"
    about = "reference"

    invitation_id: UUID
    reference: str


class ReviewMoved(ReviewEvent):
    """A review was moved to another day, or the way it is held was changed."""

    type = "review.moved"

    planned_on: date


class ReviewHandedOver(ReviewEvent):
    """A coming review was given to another chair, because the earlier one handed them over."""

    type = "review.handed_over"


class ReviewAdjourned(ReviewEvent):
    """A review was adjourned."""

    type = "review.adjourned"

    sat_on: date
    resumes_on: date


class ReviewCancelled(ReviewEvent):
    """A review was cancelled."""

    type = "review.cancelled"

    planned_on: date


class ReviewHeld(ReviewEvent):
    """A review was held, for all its children."""

    type = "review.held"

    held_on: date
    person_ids: list[str]


class ReviewCorrected(ReviewEvent):
    """The record of a review that was held was corrected; `held_on` is the corrected day."""

    type = "review.corrected"

    held_on: date
    person_ids: list[str]


class ReviewReopened(ReviewEvent):
    """A review was reopened: it is planned or adjourned again, as it was before."""

    type = "review.reopened"

    state: str
    planned_on: date
    person_ids: list[str]


class DecisionsRecorded(Event):
    """The decisions of a review for one child were sent to the manager."""

    type = "review.decisions_recorded"
    about = "child_review_id"

    child_review_id: UUID
    reference: str
    person_id: str
    chair_id: str
    manager_id: str | None
    count: int
    respond_by: date


class DecisionsAgreed(Event):
    """A manager agreed to the decisions of a review, or did not answer in time (`by_silence`)."""

    type = "review.decisions_agreed"
    about = "child_review_id"

    child_review_id: UUID
    reference: str
    person_id: str
    chair_id: str
    by_silence: bool


class DecisionObjected(Event):
    """A manager objected to a decision."""

    type = "review.decision_objected"
    about = "decision_id"

    decision_id: UUID
    reference: str
    person_id: str
    chair_id: str


class RecordCompleted(Event):
    """The full record of a review for one child was completed."""

    type = "review.record_completed"
    about = "child_review_id"

    child_review_id: UUID
    reference: str
    person_id: str
    completed_on: date


class RecordDistributed(Event):
    """The record of a review for one child was distributed."""

    type = "review.record_distributed"
    about = "child_review_id"

    child_review_id: UUID
    reference: str
    person_id: str
    distributed_on: date


class DeadlineMissed(Event):
    """A deadline passed without being met."""

    type = "deadline.missed"
    about = "deadline_id"

    deadline_id: UUID
    person_id: str
    kind: str
    subject: str
    due_on: date
    owner_id: str | None
    chair_id: str | None
    review_reference: str | None


PUBLISHED = (
    ChildFound,
    LookedAfterChildVisibilityChanged,
    ChildRegistered,
    ChildCeased,
    ChairAllocated,
    ReviewsHandedOver,
    ReviewPlanned,
    ParentInvited,
    ReviewMoved,
    ReviewHandedOver,
    ReviewAdjourned,
    ReviewCancelled,
    ReviewHeld,
    ReviewCorrected,
    ReviewReopened,
    DecisionsRecorded,
    DecisionsAgreed,
    DecisionObjected,
    RecordCompleted,
    RecordDistributed,
    LinkCodeRequested,
    PaperLinkRequested,
    DeadlineMissed,
)
