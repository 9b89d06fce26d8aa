"""Feedback about reviews."""

from pydantic import Field

from chassis.base.fields import Input, PastDay, Words
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.pagination import Page
from services.reviews.feedback.models import FeedbackBase
from services.reviews.fields import Reference


class FeedbackIn(Input):
    """Feedback about a review to record."""

    reference: Reference
    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today by default.")


class FeedbackOut(FeedbackBase):
    """Feedback about a review."""

    from_whom: FeedbackFrom
    rating: Rating


class FeedbackPage(Page[FeedbackOut]):
    """One page of feedback, newest first."""
