"""Feedback about reviews from children, families, carers and professionals."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.meetings.feedback import FeedbackOut, FeedbackPage, FeedbackQuery, void_meeting_feedback
from chassis.web.idempotency import IdempotencyKey
from chassis.web.routes import Routes
from services.reviews.children.models import Voided
from services.reviews.endpoints import MADE, Reader, Writer
from services.reviews.feedback import actions as feedback
from services.reviews.feedback.models import Feedback
from services.reviews.feedback.queries import FEEDBACK
from services.reviews.feedback.schemas import FeedbackIn

routes = Routes(prefix="/v1", tags=["reviews"])


@routes.post("/feedback", status_code=201, response_model=FeedbackOut, responses=MADE)
async def give_feedback(wanted: FeedbackIn, command: Writer, key: IdempotencyKey) -> Response:
    """Record feedback from a child, family, carer or professional about a review."""
    row = await feedback.give_feedback(command, wanted)
    return await key.remember(FeedbackOut.model_validate(row))


@routes.get("/feedback", response_model=FeedbackPage)
async def list_feedback(reader: Reader, query: Annotated[FeedbackQuery, Query()]) -> Response:
    """List feedback about reviews, newest first."""
    return await reader.page(FEEDBACK, query)


@routes.post("/feedback/{feedback_id}/void", responses=responses(NotFound, Invalid))
async def void_feedback(feedback_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
    """Void feedback that was recorded by mistake, with the reason."""
    return await void_meeting_feedback(command, Feedback, Voided, feedback_id, wanted.reason)
