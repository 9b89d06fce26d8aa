"""Core groups: recorded, listed and voided."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from services.conferences.core_groups import actions as core_groups
from services.conferences.core_groups.queries import CORE_GROUPS
from services.conferences.core_groups.schemas import CoreGroupIn, CoreGroupOut, CoreGroupPage, CoreGroupsOut
from services.conferences.endpoints import Reader, Writer
from services.conferences.plans.actions import NotOnPlan

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.post(
    "/core-groups",
    status_code=201,
    responses=responses(Invalid, NotOnPlan),
)
async def record_core_group(wanted: CoreGroupIn, command: Writer) -> CoreGroupsOut:
    """Record that the core group of one or more children met, or did not, and when it meets next.

    The first meets within 10 working days of the initial conference (Working Together to Safeguard Children 2026). The
    next is due on the agreed date.
    """
    rows = await core_groups.record_core_group(command, wanted)
    return CoreGroupsOut([CoreGroupOut.model_validate(row) for row in rows])


class CoreGroupsQuery(PageQuery):
    """The parameters of `list_core_groups`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    reference: Several[str] = Field(None, description="Filter by conference.")
    chair_id: Several[str] = Field(None, description="Filter by the children's chair.")
    due_from: Omittable[Day] = Field(None, description="Due on or after this date.")
    due_to: Omittable[Day] = Field(None, description="Due on or before this date.")
    held: Omittable[bool] = Field(None, description="Only core groups that met, or only those that did not.")
    sort: str = sorted_by("-due_on", "held_on", "person_id")


@routes.get("/core-groups", response_model=CoreGroupPage)
async def list_core_groups(reader: Reader, query: Annotated[CoreGroupsQuery, Query()]) -> Response:
    """List core groups by the date they were due, newest first."""
    return await reader.page(CORE_GROUPS, query)


@routes.post("/core-groups/{group_id}/void", responses=responses(NotFound, Invalid, core_groups.CoreGroupFollowed))
async def void_core_group(group_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
    """Void the record of a child's core group, with the reason. Void those of siblings one by one."""
    return await core_groups.void_core_group(command, group_id, wanted.reason)
