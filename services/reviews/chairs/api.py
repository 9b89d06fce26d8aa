"""Who is whose Independent Reviewing Officer, and how many children each has."""

from typing import Annotated

from fastapi import Response

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading
from chassis.meetings.allocations import AllocateIn, AllocationOut
from chassis.web.routes import Routes
from services.reviews.chairs import actions as allocating
from services.reviews.chairs import queries as caseloads
from services.reviews.chairs.queries import ALLOCATIONS
from services.reviews.chairs.schemas import CaseloadOut
from services.reviews.children.queries import WHOLE_CHILD
from services.reviews.endpoints import Decider, Person, Reader
from services.reviews.roles import REPORTERS

routes = Routes(prefix="/v1", tags=["children"])
# The gateway asks here with the caller's own token, and puts the chairs of reviews and of conferences together.
internal = Routes(prefix="/internal", tags=["children"])


@routes.get("/chairs/caseloads")
async def get_caseloads(
    reading: Reading, caller: Annotated[Caller, may(*REPORTERS)], today: Today
) -> list[CaseloadOut]:
    """Compare each chair's caseload with the guidance of 50 to 70 looked-after children for a full-time post.

    Short breaks are not counted, and neither are child protection conferences, which come on top.
    """
    return await caseloads.caseloads(reading, today)


@internal.post(
    "/children/{person_id}/chairs",
    status_code=201,
    responses=responses(NotFound, Invalid, allocating.NotLookedAfter),
)
async def allocate_reviewing_officer(person_id: Person, wanted: AllocateIn, command: Decider) -> AllocationOut:
    """Allocate an Independent Reviewing Officer to a child; earlier ones stay in the history.

    The chair cannot manage the case or work on it, and a looked-after mother and her child have different chairs.
    """
    return AllocationOut.model_validate(await allocating.allocate_chair(command, person_id, wanted))


@internal.get("/children/{person_id}/chairs", response_model=list[AllocationOut], responses=responses(NotFound))
async def list_reviewing_officers(person_id: Person, reader: Reader) -> Response:
    """List a child's Independent Reviewing Officers, in order."""
    return await reader.all_of(ALLOCATIONS, WHOLE_CHILD, person_id=person_id)
