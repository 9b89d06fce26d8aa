"""Feedback about reviews from children, families, carers and professionals."""

from chassis.base.problems import Invalid, NotFound, responses
from chassis.law.deadlines import About
from chassis.meetings.feedback import FeedbackIn, FeedbackOut
from chassis.web.routes import Routes
from services.reviews.endpoints import Ref, Writer
from services.reviews.feedback import actions as feedback
from services.reviews.meetings.meeting import ReviewNotHeld

routes = Routes(prefix="/v1", tags=["reviews"])


@routes.post(
    "/reviews/{reference}/feedback",
    status_code=201,
    responses=responses(NotFound, Invalid, ReviewNotHeld),
)
async def give_review_feedback(reference: Ref, wanted: FeedbackIn, command: Writer) -> FeedbackOut:
    """Record feedback about a review from a child, the family, a carer or a professional."""
    row = await feedback.give_feedback(command, reference, wanted)
    return FeedbackOut.model_validate(row, update={"about": About.REVIEW})
