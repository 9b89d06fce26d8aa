"""What our own services ask, never routed by the gateway: who children are."""

from typing import Annotated

from fastapi import Query, Response

from chassis.access.callers import Caller, may
from chassis.children.models import ChildIdentityBase
from chassis.db.database import Reading
from chassis.web.routes import Routes
from services.children.children.queries import IDENTITIES
from services.children.roles import SERVICES

routes = Routes(prefix="/internal", tags=["children"])


@routes.get("/children", response_model=list[ChildIdentityBase])
async def list_identities(
    person_id: Annotated[list[str], Query(min_length=1, max_length=500, description="The children's numbers.")],
    reading: Reading,
    caller: Annotated[Caller, may(*SERVICES)],
) -> Response:
    """List who these children are, for replicas; numbers that are not known are left out."""
    return await IDENTITIES.all(reading, person_id=person_id)
