"""Feedback about conferences from children, families, carers and professionals."""

from chassis.base.problems import Invalid, NotFound, responses
from chassis.law.deadlines import About
from chassis.meetings.feedback import FeedbackIn, FeedbackOut
from chassis.web.routes import Routes
from services.conferences.endpoints import Ref, Writer
from services.conferences.feedback import actions as feedback
from services.conferences.meetings.meeting import ConferenceNotHeld

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.post(
    "/conferences/{reference}/feedback",
    status_code=201,
    responses=responses(NotFound, Invalid, ConferenceNotHeld),
)
async def give_conference_feedback(reference: Ref, wanted: FeedbackIn, command: Writer) -> FeedbackOut:
    """Record feedback about a conference from a child, the family, a carer or a professional."""
    row = await feedback.give_feedback(command, reference, wanted)
    return FeedbackOut.model_validate(row, update={"about": About.CONFERENCE})
