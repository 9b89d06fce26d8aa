"""Children and families, who chairs for them, and plans that end without a conference."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery
from chassis.web.versions import IfMatch, IfMatchWhereKnown, etag
from services.conferences.children import actions as children
from services.conferences.children import handing_over
from services.conferences.children.cases import Case
from services.conferences.children.queries import CHILDREN, WHOLE_CHILD
from services.conferences.children.schemas import (
    AllocateConferenceChairIn,
    EndPlanIn,
    FamilyChildIn,
    FamilyChildOut,
    FamilyChildPage,
    HandedOverConferencesOut,
    HandOverConferencesIn,
    PlanOut,
    WholeFamilyChildOut,
)
from services.conferences.endpoints import CHANGED, CaseManagement, Decider, Manager, Person, Reader
from services.conferences.plans import actions as ending
from services.conferences.rules.vocabulary import Category

routes = APIRouter(prefix="/v1", tags=["children and families"])


def child_out(case: Case, response: Response) -> FamilyChildOut:
    """A child, and the version as ETag."""
    response.headers["ETag"] = etag(case.child.version)
    return FamilyChildOut.model_validate(case.child, from_attributes=True)


@routes.put("/children/{person_id}", responses=CHANGED | {201: {"model": FamilyChildOut}})
async def put_child(
    person_id: Person, wanted: FamilyChildIn, command: CaseManagement, version: IfMatchWhereKnown, response: Response
) -> FamilyChildOut:
    """Register a child, born or expected, or bring the whole record up to date, as the case-management system has it.

    If-Match is left out for a child who is not known yet. The same words again change nothing.
    """
    case, is_new = await children.put_child(command, person_id, version, wanted)
    response.status_code = 201 if is_new else 200
    return child_out(case, response)


class ChildrenQuery(PageQuery):
    """The parameters of `list_children`."""

    chair_id: Omittable[str] = Field(None, description="Only this chair's.")
    area_id: Omittable[str] = Field(None, description="Only in this area.")
    team: Omittable[str] = Field(None, description="Only this social work team's.")
    family_id: Omittable[str] = Field(None, description="Only of this family group.")
    category: Omittable[Category] = Field(None, description="Only on a plan of this category.")
    on_plan: Omittable[bool] = Field(None, description="Only who is on a plan now, or only the others.")
    looked_after: Omittable[bool] = Field(None, description="Only who is looked after too, or only the others.")


@routes.get("/children", response_model=FamilyChildPage)
async def list_children(reading: Reading, caller: Reader, query: Annotated[ChildrenQuery, Query()]) -> Response:
    """Children by person number; restricted records are shown to their chair and to managers alone."""
    look = Look(caller, "list_children", "children")
    return await CHILDREN.page(reading, query, look=look, **seen_by(caller))


@routes.get("/children/{person_id}", response_model=WholeFamilyChildOut, responses=responses(NotFound))
async def get_child(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """One child with what asks for a conference and the plans, and the version as ETag."""
    look = Look(caller, "get_child", person_id)
    found = await WHOLE_CHILD.one(reading, look=look, person_id=person_id, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


@routes.post("/children/{person_id}/allocate", responses=responses(NotFound, Invalid, handing_over.NothingToChair))
async def allocate_conference_chair(
    person_id: Person, wanted: AllocateConferenceChairIn, command: Decider, response: Response
) -> FamilyChildOut:
    """Name the chair of a child's conferences; whoever works on the case or manages it is refused."""
    return child_out(await handing_over.allocate_chair(command, person_id, wanted), response)


@routes.post("/conferences/hand-over", responses=responses(Invalid))
async def hand_over_conferences(wanted: HandOverConferencesIn, command: Manager) -> HandedOverConferencesOut:
    """Give every child of a chair who leaves, and every conference to come or to close, to another one in one step."""
    return await handing_over.hand_over(command, wanted)


@routes.post("/protection-plans/{plan_id}/end", responses=CHANGED | responses(ending.PlanNotRunning))
async def end_plan(plan_id: UUID, wanted: EndPlanIn, command: Decider, version: IfMatch, response: Response) -> PlanOut:
    """End a plan outside a conference: a transfer out, the 18th birthday, death or leaving the United Kingdom."""
    plan = await ending.end_plan(command, plan_id, version, wanted)
    response.headers["ETag"] = etag(plan.version)
    return PlanOut.model_validate(plan, from_attributes=True)
