"""What happens between reviews."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.base.fields import ColleagueId, Input, Line, PastDay, PersonId, Words
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.meetings.void import TakeBackIn
from chassis.web.pagination import Page
from services.reviews.fields import Reference
from services.reviews.rules.vocabulary import Approval, ContactKind, Prompt, ReferralState


class ContactIn(Input):
    """A visit to a child, or another contact with them."""

    kind: ContactKind
    happened_on: PastDay
    made_by: ColleagueId | None = Field(default=None, description="Whoever asks, if left out.")
    seen_alone: bool | None = None
    note: Words | None = None


class ContactOut(BaseModel):
    """A contact with a child."""

    id: UUID
    person_id: str
    kind: ContactKind
    happened_on: date
    made_by: str
    seen_alone: bool | None
    note: str | None
    recorded_at: datetime


class MidpointCheckIn(Input):
    """How the plan stood halfway between two reviews."""

    done_on: PastDay | None = Field(default=None, description="Today, if left out.")
    on_track: bool
    note: Words | None = None


class MidpointCheckOut(BaseModel):
    """A midpoint check."""

    id: UUID
    person_id: str
    reviewed_on: date
    due_on: date
    done_on: date
    done_by: str
    on_track: bool
    note: str | None


class PromptDoneIn(Input):
    """Something of which a chair was reminded, and which was seen to."""

    prompt: Prompt
    done_on: PastDay | None = Field(default=None, description="Today, if left out.")


class PromptDoneOut(BaseModel):
    """A prompt that was seen to."""

    person_id: str
    prompt: Prompt
    care_since: date
    done_on: date
    done_by: str


class TakeBackPromptIn(TakeBackIn):
    """That something was not seen to after all."""

    prompt: Prompt


class LeavingCareIn(Input):
    """A request that a child's leaving care be approved; who must approve it follows from the law."""

    requested_on: PastDay | None = Field(default=None, description="Today, if left out.")


class LeavingCareDecideIn(Input):
    """What the director or the nominated officer decided."""

    approved: bool
    decided_on: PastDay | None = Field(default=None, description="Today, if left out.")
    decided_by: Line
    note: Words | None = None


class LeavingCareOut(BaseModel):
    """Whether a child's leaving care was approved (regulation 39)."""

    id: UUID
    person_id: str
    approval: Approval
    requested_on: date
    decided_on: date | None
    approved: bool | None
    decided_by: str | None
    note: str | None
    version: int


class LeavingCarePage(Page[LeavingCareOut]):
    """One page of approvals, newest first."""


class FeedbackIn(Input):
    """What somebody said about a review."""

    reference: Reference
    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today, if left out.")


class FeedbackOut(BaseModel):
    """Feedback about a review."""

    id: UUID
    reference: str
    from_whom: FeedbackFrom
    rating: Rating
    comment: str | None
    given_on: date
    recorded_by: str


class FeedbackPage(Page[FeedbackOut]):
    """One page of feedback, newest first."""


class ReferralIn(Input):
    """A referral for a disruption meeting."""

    person_id: PersonId
    placement: Annotated[str, Field(pattern="^(adoption|special_guardianship)$")]
    referred_on: PastDay | None = Field(default=None, description="Today, if left out.")
    reason: Words


class AcceptReferralIn(Input):
    """Who chairs the disruption meeting."""

    chair_id: ColleagueId


class DeclineReferralIn(Input):
    """Why the criteria are not met."""

    because: Words


class ReferralOut(BaseModel):
    """A referral for a disruption meeting."""

    reference: str = Field(description="Such as `DIS-2019-0003`.")
    person_id: str
    placement: str
    referred_on: date
    referred_by: str
    reason: str
    state: ReferralState
    decided_on: date | None
    decided_by: str | None
    declined_because: str | None
    chair_id: str | None
    review_reference: str | None
    version: int


class ReferralPage(Page[ReferralOut]):
    """One page of referrals, newest first."""
