"""A small service that follows who children are, and says what it knows of one."""

from typing import Annotated, Any

from fastapi import APIRouter

from chassis.access.callers import Role
from chassis.base.fields import PersonId
from chassis.children import found
from chassis.children.replica import following, known_child
from chassis.children.settings import ChildrenSettings
from chassis.command import Command, commanded_by
from chassis.events.inbox import Receipt
from tests.support.chassis.toys import service

# Those whom something followed from, one after the other.
FOLLOWED: list[str] = []

routes = APIRouter(prefix="/v1")


@routes.put("/cots/{person_id}")
async def put_cot(person_id: PersonId, command: Annotated[Command, commanded_by(Role.CHAIR)]) -> dict[str, Any]:
    """Make a bed for a child who is known."""
    child = await known_child(command, person_id)
    return {"family_name": child.family_name, "version": child.version}


async def follow(receipt: Receipt, person_id: str) -> None:
    """Remember whom it was about."""
    FOLLOWED.append(person_id)


NURSERY = service("nursery", settings=ChildrenSettings, routers=[routes, found.routes], listens=following(follow))
