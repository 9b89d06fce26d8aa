"""Feedback about conferences."""

from uuid import UUID

from pydantic import Field

from chassis.base.fields import Input, PastDay, Words
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.pagination import Page
from services.conferences.feedback.models import FeedbackBase


class ConferenceFeedbackIn(Input):
    """What somebody said about a conference."""

    from_whom: FeedbackFrom
    rating: Rating
    comment: Words | None = None
    given_on: PastDay | None = Field(default=None, description="Today, if left out.")


class ConferenceFeedbackOut(FeedbackBase):
    """Feedback about a conference."""

    id: UUID
    from_whom: FeedbackFrom
    rating: Rating


class ConferenceFeedbackPage(Page[ConferenceFeedbackOut]):
    """One page of feedback, newest first."""
