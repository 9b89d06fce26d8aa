"""What reviews and conferences know of one child, as one answer."""

from itertools import chain
from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import Response

from chassis.access.callers import Caller, may
from chassis.base.fields import PersonId
from chassis.base.problems import NotFound, responses
from chassis.meetings.corrections import VoidedOut
from chassis.meetings.timeline import TimelineEntryOut, TimelineEvent
from chassis.meetings.together import READERS
from chassis.web.routes import Routes
from gateway.together.asking import ABOUT, AnswerIncomplete, Answers, ask_all

routes = Routes(prefix="/v1", tags=["children"])
Reader = Annotated[Caller, may(*READERS)]
Person = Annotated[PersonId, Path(description="The child's case-management person number.")]
PLACES = {event: place for place, event in enumerate(TimelineEvent)}


@routes.get(
    "/children/{person_id}/timeline",
    response_model=list[TimelineEntryOut],
    responses=responses(NotFound, AnswerIncomplete),
)
async def get_timeline(request: Request, caller: Reader, person_id: Person) -> Response:
    """List what happened for a child, oldest first, and in the order in which it happens within a day.

    Periods of care, chairs, enquiries, conferences, plans, core groups, reviews, contacts, checks, feedback.
    """
    return await ask_all(request, f"/internal/children/{person_id}/timeline", ABOUT, _in_order)


def _in_order(answers: Answers) -> list[dict[str, Any]]:
    return sorted(
        chain.from_iterable(answers.values()),
        key=lambda entry: (entry["on"], PLACES[entry["what"]], entry["reference"] or ""),
    )


@routes.get(
    "/children/{person_id}/voided", response_model=list[VoidedOut], responses=responses(NotFound, AnswerIncomplete)
)
async def list_voided(request: Request, caller: Reader, person_id: Person) -> Response:
    """List the records about a child that were voided, with who did and why, oldest first."""
    return await ask_all(request, f"/internal/children/{person_id}/voided", ABOUT, _oldest_first)


def _oldest_first(answers: Answers) -> list[dict[str, Any]]:
    return sorted(chain.from_iterable(answers.values()), key=lambda voided: (voided["voided_at"], voided["id"]))
