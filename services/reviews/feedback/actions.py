"""Recording feedback about a review."""

from chassis.command import Command
from chassis.meetings.feedback import FeedbackIn, keep_feedback
from services.reviews.feedback.models import Feedback
from services.reviews.meetings.meeting import check_held, locked_review


async def give_feedback(command: Command, reference: str, wanted: FeedbackIn) -> Feedback:
    """Record feedback about a review that was held."""
    review = await locked_review(command, reference, None)
    check_held(review)
    kept: Feedback = await keep_feedback(command, Feedback, review, wanted)
    return kept
