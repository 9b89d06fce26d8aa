"""Who chairs a child's conferences."""

from fastapi import Response

from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.allocations import AllocateIn, AllocationOut
from chassis.web.routes import Routes
from services.conferences.chairs.queries import ALLOCATIONS
from services.conferences.children import handing_over
from services.conferences.children.queries import WHOLE_PROTECTION
from services.conferences.endpoints import Decider, Person, Reader

# The gateway asks here with the caller's own token, and puts the chairs of reviews and of conferences together.
internal = Routes(prefix="/internal", tags=["children"])


@internal.post(
    "/children/{person_id}/chairs",
    status_code=201,
    responses=responses(NotFound, Invalid, handing_over.NothingToChair),
)
async def allocate_conference_chair(person_id: Person, wanted: AllocateIn, command: Decider) -> AllocationOut:
    """Allocate a chair to a child's conferences. Nobody who works on the case or manages it can chair."""
    return AllocationOut.model_validate(await handing_over.allocate_chair(command, person_id, wanted))


@internal.get("/children/{person_id}/chairs", response_model=list[AllocationOut], responses=responses(NotFound))
async def list_conference_chairs(person_id: Person, reader: Reader) -> Response:
    """List who chaired a child's conferences, in order."""
    return await reader.all_of(ALLOCATIONS, WHOLE_PROTECTION, person_id=person_id)
