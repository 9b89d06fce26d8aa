"""Feedback about reviews."""

from chassis.meetings.feedback import FeedbackFields
from services.reviews.fields import Reference


class FeedbackIn(FeedbackFields):
    """Feedback about a review to record."""

    reference: Reference
