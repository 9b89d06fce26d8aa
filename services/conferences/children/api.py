"""Children and families: who they are, who chairs for them, and what happened."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.base.problems import NotFound, responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.conferences.children import actions as children
from services.conferences.children.cases import Case
from services.conferences.children.queries import CHILDREN, WHOLE_CHILD
from services.conferences.children.schemas import FamilyChildIn, FamilyChildOut, FamilyChildPage, WholeFamilyChildOut
from services.conferences.endpoints import CHANGED, CaseManagement, Person, Reader
from services.conferences.rules.vocabulary import Category

routes = Routes(prefix="/v1", tags=["children"])


def child_out(case: Case, response: Response) -> FamilyChildOut:
    """A child, and the version as ETag."""
    response.headers["ETag"] = etag(case.child.version)
    return FamilyChildOut.model_validate(case.child)


@routes.put("/children/{person_id}", responses=CHANGED | {201: {"model": FamilyChildOut}})
async def put_child(
    person_id: Person, wanted: FamilyChildIn, command: CaseManagement, version: IfMatchWhereKnown, response: Response
) -> FamilyChildOut:
    """Add or update the record of a child, born or expected, as the case-management system has it.

    Leave If-Match out for a child who is not yet known. Sending the same record again changes nothing.
    """
    case, is_new = await children.put_child(command, person_id, version, wanted)
    response.status_code = 201 if is_new else 200
    return child_out(case, response)


class ChildrenQuery(PageQuery):
    """The parameters of `list_children`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    family_id: Several[str] = Field(None, description="Filter by family group.")
    category: Several[Category] = Field(None, description="Filter by category of plan.")
    on_plan: Omittable[bool] = Field(None, description="Only children on a plan now, or only the others.")
    looked_after: Omittable[bool] = Field(
        None, description="Only children who are also looked after, or only the others."
    )
    sort: str = sorted_by("person_id", "chair_id", "plan_since")


@routes.get("/children", response_model=FamilyChildPage)
async def list_children(reader: Reader, query: Annotated[ChildrenQuery, Query()]) -> Response:
    """List children by person number. Restricted records are shown only to the child's chair and to managers."""
    return await reader.page(CHILDREN, query)


@routes.get("/children/{person_id}", response_model=WholeFamilyChildOut, responses=responses(NotFound))
async def get_child(person_id: Person, reader: Reader) -> Response:
    """Get a child with their enquiries, transfers and plans. The ETag is the version."""
    return await reader.one(WHOLE_CHILD, person_id=person_id)
