"""What other services ask for and the gateway never routes: deadlines for reminders, and details for letters."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Response

from chassis.access.audit import Look
from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.problems import NotFound, responses
from chassis.db.database import Reading
from chassis.process import ProcessDep
from services.reviews.children.queries import DIGEST
from services.reviews.children.schemas import DigestEntryOut
from services.reviews.endpoints import Ref
from services.reviews.meetings.queries import LETTERS
from services.reviews.meetings.schemas import LettersOut
from services.reviews.roles import SERVICES
from services.reviews.settings import ReviewsSettings

routes = APIRouter(prefix="/internal", tags=["reviews"])


@routes.get("/deadlines/digest", response_model=list[DigestEntryOut])
async def get_deadlines_digest(
    reading: Reading, caller: Annotated[Caller, may(*SERVICES)], process: ProcessDep, today: Today
) -> Response:
    """List what is overdue or due soon, for the weekly reminder, without names."""
    assert isinstance(process.settings, ReviewsSettings)
    return await DIGEST.all(reading, until=today + timedelta(days=process.settings.due_soon_days))


@routes.get("/reviews/{reference}/letters", response_model=LettersOut, responses=responses(NotFound))
async def get_review_letters(reference: Ref, reading: Reading, caller: Annotated[Caller, may(*SERVICES)]) -> Response:
    """Get what letters about a review need: where, when, and which children have an email. No names."""
    look = Look(caller, "get_review_letters", reference)
    found = await LETTERS.one(reading, look=look, reference=reference)
    if found is None:
        raise NotFound
    return found
