"""Recording feedback about a conference."""

from chassis.command import Command
from chassis.meetings.feedback import FeedbackIn, keep_feedback
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.meeting import check_held, locked_conference


async def give_feedback(command: Command, reference: str, wanted: FeedbackIn) -> Feedback:
    """Record feedback about a conference that was held."""
    conference = await locked_conference(command, reference, None)
    check_held(conference)
    kept: Feedback = await keep_feedback(command, Feedback, conference, wanted)
    return kept
