"""Feedback about conferences."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.meetings.feedback import FeedbackOut, FeedbackPage, FeedbackQuery, MeetingFeedbackIn, void_meeting_feedback
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.routes import Routes
from services.conferences.children.models import Voided
from services.conferences.endpoints import Reader, Ref, Writer
from services.conferences.feedback import actions as feedback
from services.conferences.feedback.models import Feedback
from services.conferences.feedback.queries import FEEDBACK
from services.conferences.meetings.meeting import ConferenceNotHeld

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.post(
    "/conferences/{reference}/feedback",
    status_code=201,
    response_model=FeedbackOut,
    responses=responses(NotFound, Invalid, ConferenceNotHeld, IdempotencyKeyReused),
)
async def give_conference_feedback(
    reference: Ref, wanted: MeetingFeedbackIn, command: Writer, key: IdempotencyKey
) -> Response:
    """Record feedback about a conference from a child, the family, a carer or a professional."""
    row = await feedback.record_feedback(command, reference, wanted)
    return await key.remember(FeedbackOut.model_validate(row))


@routes.get("/conference-feedback", response_model=FeedbackPage)
async def list_conference_feedback(reader: Reader, query: Annotated[FeedbackQuery, Query()]) -> Response:
    """List feedback about conferences, newest first."""
    return await reader.page(FEEDBACK, query)


@routes.post("/conference-feedback/{feedback_id}/void", responses=responses(NotFound, Invalid))
async def void_conference_feedback(feedback_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
    """Void feedback that was recorded by mistake, with the reason."""
    return await void_meeting_feedback(command, Feedback, Voided, feedback_id, wanted.reason)
