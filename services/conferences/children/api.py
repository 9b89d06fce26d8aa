"""Children and families: who they are, who chairs for them, and what happened."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.base.problems import NotFound, responses
from chassis.children.replica import ChildNotSent
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.conferences.children import actions as children
from services.conferences.children.cases import Case
from services.conferences.children.queries import PROTECTION, WHOLE_PROTECTION
from services.conferences.children.schemas import ProtectionIn, ProtectionOut, ProtectionPage, WholeProtectionOut
from services.conferences.endpoints import CHANGED, CaseManagement, Person, Reader
from services.conferences.rules.vocabulary import Category

routes = Routes(prefix="/v1", tags=["children"])


def protection_out(case: Case, response: Response) -> ProtectionOut:
    """A child with what conferences know of them, and the version of that as ETag."""
    response.headers["ETag"] = etag(case.protection.version)
    return ProtectionOut.model_validate(case.child.model_dump() | case.protection.model_dump())


@routes.put(
    "/children/{person_id}/protection",
    responses=CHANGED | responses(ChildNotSent) | {201: {"model": ProtectionOut}},
)
async def put_protection(
    person_id: Person, wanted: ProtectionIn, command: CaseManagement, version: IfMatchWhereKnown, response: Response
) -> ProtectionOut:
    """Add or update what the case-management system has of a child that only conferences use.

    It is not needed before an enquiry, a transfer or a conference: each of them makes the child known to conferences.
    Leave If-Match out until then. Sending the same record again changes nothing.
    """
    case, is_new = await children.put_protection(command, person_id, version, wanted)
    response.status_code = 201 if is_new else 200
    return protection_out(case, response)


class ProtectionQuery(PageQuery):
    """The parameters of `list_protection`."""

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


@routes.get("/protection", response_model=ProtectionPage)
async def list_protection(reader: Reader, query: Annotated[ProtectionQuery, Query()]) -> Response:
    """List children whom conferences know, by person number, with their chair and plan.

    Restricted records are shown only to the child's chair and to managers.
    """
    return await reader.page(PROTECTION, query)


@routes.get("/children/{person_id}/protection", response_model=WholeProtectionOut, responses=responses(NotFound))
async def get_protection(person_id: Person, reader: Reader) -> Response:
    """Get what conferences know of a child, with their enquiries, transfers and plans. The ETag is the version.

    Not found means that conferences know nothing of the child yet.
    """
    return await reader.one(WHOLE_PROTECTION, person_id=person_id)
