"""Recording feedback about a review."""

from sqlmodel import col, select

from chassis.access.visibility import hidden_among
from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.law.violations import Violation, future_violation
from services.reviews.feedback.models import Feedback
from services.reviews.feedback.schemas import FeedbackIn
from services.reviews.meetings.models import Review
from services.reviews.rules.vocabulary import ReviewState


async def give_feedback(command: Command, wanted: FeedbackIn) -> Feedback:
    """Record feedback about a review that was held."""
    review = (await command.session.exec(select(Review).where(col(Review.reference) == wanted.reference))).first()
    if review is None or await hidden_among(command, review.person_ids):
        refuse([Violation("reference", "known_review", "There is no such review, or you may not see it.")])
        raise NotFound
    if review.state != ReviewState.HELD or review.held_on is None:
        refuse([Violation("reference", "held", "Feedback is about a review that was held.")])
    given_on = wanted.given_on or command.today
    refuse([future_violation("given_on", given_on, command.today)])
    if review.held_on is not None and given_on < review.held_on:
        refuse([Violation("given_on", "after_the_review", f"The review was held on {review.held_on}.")])
    kept = {"person_ids": review.person_ids, "given_on": given_on, "recorded_by": command.caller.subject}
    row = Feedback.model_validate(wanted, update=kept)
    command.session.add(row)
    await command.audit("give_feedback", review.person_ids, review.reference)
    return row
