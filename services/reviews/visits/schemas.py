"""What happens between reviews."""

from typing import Annotated

from pydantic import Field

from chassis.base.fields import ColleagueId, Input, Line, PastDay, PersonId, Words
from chassis.meetings.corrections import TakeBackIn
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.pagination import Page
from services.reviews.fields import Reference
from services.reviews.rules.vocabulary import Approval, ContactKind, Prompt, ReferralState
from services.reviews.visits.models import (
    ContactBase,
    DisruptionReferralBase,
    FeedbackBase,
    LeavingCareDecisionBase,
    MidpointCheckBase,
    PromptDoneBase,
)


class ContactIn(Input):
    """A visit to a child, or another contact with them."""

    kind: ContactKind
    happened_on: PastDay
    made_by: ColleagueId | None = Field(default=None, description="Whoever asks, if left out.")
    seen_alone: bool | None = None
    note: Words | None = None


class ContactOut(ContactBase):
    """A contact with a child."""

    kind: ContactKind


class MidpointCheckIn(Input):
    """How the plan stood halfway between two reviews."""

    done_on: PastDay | None = Field(default=None, description="Today, if left out.")
    on_track: bool
    note: Words | None = None


class MidpointCheckOut(MidpointCheckBase):
    """A midpoint check."""


class PromptDoneIn(Input):
    """Something of which a chair was reminded, and which was seen to."""

    prompt: Prompt
    done_on: PastDay | None = Field(default=None, description="Today, if left out.")


class PromptDoneOut(PromptDoneBase):
    """A prompt that was seen to."""

    prompt: Prompt


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


class LeavingCareOut(LeavingCareDecisionBase):
    """Whether a child's leaving care was approved (regulation 39)."""

    approval: Approval


class LeavingCarePage(Page[LeavingCareOut]):
    """One page of approvals, newest first."""


class FeedbackIn(Input):
    """What somebody said about a review."""

    reference: Reference
    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today, if left out.")


class FeedbackOut(FeedbackBase):
    """Feedback about a review."""

    from_whom: FeedbackFrom
    rating: Rating


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


class ReferralOut(DisruptionReferralBase):
    """A referral for a disruption meeting."""

    state: ReferralState


class ReferralPage(Page[ReferralOut]):
    """One page of referrals, newest first."""
