"""Feedback about conferences."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import TakeBackIn, TakenBackOut
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.pagination import PageQuery
from services.conferences.endpoints import Reader, Ref, Writer
from services.conferences.feedback import actions as feedback
from services.conferences.feedback.queries import FEEDBACK
from services.conferences.feedback.schemas import ConferenceFeedbackIn, ConferenceFeedbackOut, ConferenceFeedbackPage
from services.conferences.meetings.meeting import ConferenceNotHeld

routes = APIRouter(prefix="/v1", tags=["conferences"])


@routes.post(
    "/conferences/{reference}/feedback",
    status_code=201,
    response_model=ConferenceFeedbackOut,
    responses=responses(NotFound, Invalid, ConferenceNotHeld, IdempotencyKeyReused),
)
async def give_conference_feedback(
    reference: Ref, wanted: ConferenceFeedbackIn, command: Writer, key: IdempotencyKey
) -> Response:
    """Record feedback about a conference from a child, the family, a carer or a professional."""
    row = await feedback.record_feedback(command, reference, wanted)
    return await key.remember(ConferenceFeedbackOut.model_validate(row))


class ConferenceFeedbackQuery(PageQuery):
    """The parameters of `list_conference_feedback`."""

    reference: Omittable[str] = Field(None, description="Filter by conference.")
    from_whom: Omittable[FeedbackFrom] = Field(None, description="Filter by who gave the feedback.")
    rating: Omittable[Rating] = Field(None, description="Filter by rating.")


@routes.get("/conference-feedback", response_model=ConferenceFeedbackPage)
async def list_conference_feedback(reader: Reader, query: Annotated[ConferenceFeedbackQuery, Query()]) -> Response:
    """List feedback about conferences, newest first."""
    return await reader.page(FEEDBACK, query)


@routes.post("/conference-feedback/{feedback_id}/take-back", responses=responses(NotFound, Invalid))
async def take_back_conference_feedback(feedback_id: UUID, wanted: TakeBackIn, command: Writer) -> TakenBackOut:
    """Withdraw feedback that was recorded by mistake, with the reason."""
    return await feedback.take_back_feedback(command, feedback_id, wanted.because)
