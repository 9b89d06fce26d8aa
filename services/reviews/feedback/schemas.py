"""Feedback about reviews."""

from chassis.meetings.feedback import MeetingFeedbackIn
from services.reviews.fields import Reference


class FeedbackIn(MeetingFeedbackIn):
    """Feedback about a review to record."""

    reference: Reference
