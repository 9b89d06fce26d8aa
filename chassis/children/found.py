"""Children whom a service found, of whom the owner has not said anything yet, as the owner asks for them."""

from typing import Annotated

from fastapi import Query, Response
from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlmodel import col

from chassis.access.callers import Role, may
from chassis.children.models import IDENTITY, Child, ChildIdentityBase
from chassis.db.database import Reading
from chassis.web.pagination import JsonRows
from chassis.web.routes import Routes

MOST = 500
routes = Routes(prefix="/internal", tags=["children"])
FOUND = JsonRows(
    select(*(getattr(Child, name) for name in IDENTITY))
    .where(col(Child.version) == 0)
    .order_by(col(Child.person_id))
    .limit(MOST),
    filters={
        "after": col(Child.person_id) > bindparam("after"),
        "person_id": col(Child.person_id) == any_(bindparam("person_id", type_=ARRAY(Text))),
    },
)


@routes.get("/children-found", response_model=list[ChildIdentityBase], dependencies=[may(Role.SERVICE)])
async def list_children_found(
    reading: Reading,
    after: Annotated[str | None, Query(description="The number after which the list goes on.")] = None,
    person_id: Annotated[list[str] | None, Query(description="Only these numbers.")] = None,
) -> Response:
    """List children who were found here, and of whom the children service has not said anything yet, by number."""
    return await FOUND.all(reading, after=after, person_id=person_id)
