"""Children: who they are and who works with them."""

from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.base.fields import PersonId, Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.children.children import actions as children
from services.children.children.queries import CHILD, CHILDREN
from services.children.children.schemas import ChildIn, ChildOut, ChildPage
from services.children.roles import CASE_MANAGEMENT, READERS

routes = Routes(prefix="/v1", tags=["children"])

Reader = Annotated[RecordReader, read_by(*READERS)]
CaseManagement = Annotated[Command, commanded_by(*CASE_MANAGEMENT)]
Person = Annotated[PersonId, Path(description="The child's case-management person number.")]


@routes.put(
    "/children/{person_id}",
    responses=responses(NotFound, Invalid, VersionStale, VersionMissing) | {201: {"model": ChildOut}},
)
async def put_child(
    person_id: Person, wanted: ChildIn, command: CaseManagement, version: IfMatchWhereKnown, response: Response
) -> ChildOut:
    """Add or update who a child is, born or expected, as the case-management system has it.

    Leave If-Match out for a child who is not yet known. Sending the same record again changes nothing and needs no
    If-Match. A number that was merged stays as restricted as the number that it was merged into.
    """
    child, is_new = await children.put_child(command, person_id, version, wanted)
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(child.version)
    return ChildOut.model_validate(child)


class ChildrenQuery(PageQuery):
    """The parameters of `list_children`."""

    person_id: Several[PersonId] = Field(None, description="Filter by person number.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    social_worker_id: Several[str] = Field(None, description="Filter by social worker.")
    supervisor_id: Several[str] = Field(None, description="Filter by practice supervisor.")
    manager_id: Several[str] = Field(None, description="Filter by team manager.")
    family_id: Several[str] = Field(None, description="Filter by family group.")
    sort: str = sorted_by("person_id", "family_name")


@routes.get("/children", response_model=ChildPage)
async def list_children(reader: Reader, query: Annotated[ChildrenQuery, Query()]) -> Response:
    """List children by person number, without numbers that were merged into another.

    Only their chair and managers see restricted records.
    """
    return await reader.page(CHILDREN, query)


@routes.get("/children/{person_id}", response_model=ChildOut, responses=responses(NotFound))
async def get_child(person_id: Person, reader: Reader) -> Response:
    """Get who a child is. The version is the ETag."""
    return await reader.one(CHILD, person_id=person_id)
