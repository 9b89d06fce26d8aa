"""Who chairs for a child: for the reviews and for the conferences, in one list, allocated at one address."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import JSONResponse, Response

from chassis.access.callers import Caller, Role, may
from chassis.base.fields import PersonId
from chassis.base.problems import Conflict, Invalid, NotFound, responses
from chassis.law.deadlines import About
from chassis.meetings.allocations import AllocateIn, AllocationOut
from chassis.meetings.together import READERS
from chassis.web.idempotency import HANDED_ON, HEADER, REPLAYED, IdempotencyKeyReused
from chassis.web.routes import Routes
from gateway.asking import Unanswered, carried, process_of
from gateway.problems import ServiceBrokeOff
from gateway.together.asking import ABOUT, AnswerIncomplete, Answers, ask_all

routes = Routes(prefix="/v1", tags=["children"])

Person = Annotated[PersonId, Path(description="The child's case-management person number.")]
Decider = Annotated[Caller, may(Role.CHAIR, Role.TEAM_MANAGER)]
Reader = Annotated[Caller, may(*READERS)]


class ChairIn(AllocateIn):
    """The chair to allocate to a child's reviews or conferences."""

    about: About


class ChairOut(AllocationOut):
    """That somebody is, or was, the chair of a child's reviews or conferences."""

    about: About


@routes.post(
    "/children/{person_id}/chairs",
    status_code=201,
    response_model=ChairOut,
    dependencies=[HANDED_ON],
    responses=responses(NotFound, Conflict, Invalid, IdempotencyKeyReused, ServiceBrokeOff),
)
async def allocate_chair(request: Request, caller: Decider, person_id: Person, wanted: ChairIn) -> Response:
    """Allocate a chair to a child's reviews or conferences; who was it before stays in the history.

    The chair cannot manage the case or work on it, and a looked-after mother and her child have different Independent
    Reviewing Officers. The chair of conferences is allocated from today on. Doing it again changes nothing.
    """
    service = ABOUT[wanted.about]
    path, body = f"/internal/children/{person_id}/chairs", wanted.model_dump(mode="json", exclude={"about"})
    key = {HEADER: request.headers[HEADER]} if HEADER in request.headers else {}
    try:
        answer = await process_of(request).services.post(service, path, carried(request) | key, body)
    except Unanswered:
        raise ServiceBrokeOff(service=service) from None
    if answer.status_code == 201:
        replayed = {REPLAYED: answer.headers[REPLAYED]} if REPLAYED in answer.headers else {}
        return JSONResponse(answer.json() | {"about": wanted.about}, 201, replayed)
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


@routes.get(
    "/children/{person_id}/chairs",
    response_model=list[ChairOut],
    responses=responses(NotFound, AnswerIncomplete),
)
async def list_chairs(request: Request, caller: Reader, person_id: Person) -> Response:
    """List who chaired for a child, in order: the chairs of reviews and of conferences."""
    path = f"/internal/children/{person_id}/chairs"
    return await ask_all(request, path, ABOUT, _in_order)


def _in_order(found: Answers) -> list[dict[str, Any]]:
    chairs = [allocation | {"about": about} for about, allocations in found.items() for allocation in allocations]
    return sorted(chairs, key=lambda allocation: (allocation["starts_on"], allocation["allocated_at"]))
