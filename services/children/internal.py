"""What our own services and the gateway ask, never routed from outside: who children are, and who is looked for."""

from typing import Annotated

from fastapi import Query, Response

from chassis.access.callers import Caller, may
from chassis.children.models import ChildIdentityBase
from chassis.children.replica import AT_ONCE
from chassis.children.search import FoundChildOut
from chassis.db.database import Reading
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from services.children.children.queries import IDENTITIES
from services.children.roles import READERS, SERVICES
from services.children.rules import wanted_in
from services.children.search.queries import FOUND

routes = Routes(prefix="/internal", tags=["children"])


@routes.get("/children", response_model=list[ChildIdentityBase])
async def list_identities(
    person_id: Annotated[list[str], Query(min_length=1, max_length=AT_ONCE, description="The children's numbers.")],
    reading: Reading,
    caller: Annotated[Caller, may(*SERVICES)],
) -> Response:
    """List who these children are, for replicas; numbers that are not known are left out."""
    return await IDENTITIES.all(reading, person_id=person_id)


@routes.get("/search", response_model=list[FoundChildOut])
async def search_children(
    reader: Annotated[RecordReader, read_by(*READERS)],
    q: Annotated[str, Query(min_length=2, max_length=100, description="A name, a day of birth, a number.")],
    limit: Annotated[int, Query(ge=1, le=50, description="The most children to return.")] = 10,
) -> Response:
    """List the children who fit best, for the gateway, which asks with the caller's own roles."""
    return await reader.all(FOUND, "search", most=limit, **wanted_in(q)._asdict())
