"""Feedback about reviews from children, families, carers and professionals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import TakeBackIn, TakenBackOut
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.idempotency import IdempotencyKey
from chassis.web.pagination import PageQuery
from services.reviews.endpoints import MADE, Reader, Writer
from services.reviews.feedback import actions as feedback
from services.reviews.feedback.queries import FEEDBACK
from services.reviews.feedback.schemas import FeedbackIn, FeedbackOut, FeedbackPage

routes = APIRouter(prefix="/v1", tags=["reviews"])


@routes.post("/feedback", status_code=201, response_model=FeedbackOut, responses=MADE)
async def give_feedback(wanted: FeedbackIn, command: Writer, key: IdempotencyKey) -> Response:
    """Record feedback from a child, family, carer or professional about a review."""
    row = await feedback.give_feedback(command, wanted)
    return await key.remember(FeedbackOut.model_validate(row))


class FeedbackQuery(PageQuery):
    """The parameters of `list_feedback`."""

    reference: Omittable[str] = Field(None, description="Filter by review.")
    from_whom: Omittable[FeedbackFrom] = Field(None, description="Filter by who gave it.")
    rating: Omittable[Rating] = Field(None, description="Filter by rating.")
    given_from: Omittable[Day] = Field(None, description="Given on or after this day.")
    given_to: Omittable[Day] = Field(None, description="Given on or before this day.")


@routes.get("/feedback", response_model=FeedbackPage)
async def list_feedback(reader: Reader, query: Annotated[FeedbackQuery, Query()]) -> Response:
    """List feedback about reviews, newest first."""
    return await reader.page(FEEDBACK, query)


@routes.post("/feedback/{feedback_id}/take-back", responses=responses(NotFound, Invalid))
async def take_back_feedback(feedback_id: UUID, wanted: TakeBackIn, command: Writer) -> TakenBackOut:
    """Take back feedback that was recorded by mistake, with the reason."""
    return await feedback.take_back_feedback(command, feedback_id, wanted.because)
