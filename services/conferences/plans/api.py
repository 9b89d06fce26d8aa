"""Child protection plans: listed, shown, and ended without a conference."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import NotFound, responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.conferences.endpoints import CHANGED, Decider, Reader
from services.conferences.plans import actions as ending
from services.conferences.plans.queries import PLAN, PLANS
from services.conferences.plans.schemas import EndPlanIn, PlanOut, PlanPage
from services.conferences.rules.plans import Watch
from services.conferences.rules.vocabulary import Category

routes = Routes(prefix="/v1", tags=["children"])


class ProtectionPlansQuery(PageQuery):
    """The parameters of `list_protection_plans`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    open_on: Omittable[Day] = Field(None, description="Open at the end of this date.")
    watch: Several[Watch] = Field(
        None,
        description="Filter by reason to watch a plan: running for 2 years or more (on the date in `open_on`, or "
        "today), a second or later plan, started within 2 years of the end of another, ended "
        "within 3 months, or of a child who is also looked after now.",
    )
    person_id: Several[str] = Field(None, description="Filter by child.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    category: Several[Category] = Field(None, description="Filter by latest category.")
    started_from: Omittable[Day] = Field(None, description="Started on or after this date.")
    started_to: Omittable[Day] = Field(None, description="Started on or before this date.")
    ended_from: Omittable[Day] = Field(None, description="Ended on or after this date.")
    ended_to: Omittable[Day] = Field(None, description="Ended on or before this date.")
    sort: str = sorted_by("-starts_on", "ends_on", "person_id", "chair_id")

    def filters(self) -> dict[str, Any]:
        """What is asked for; each reason to watch a plan is a filter of its own."""
        asked = super().filters()
        watch = asked.pop("watch", None)
        return asked if watch is None else asked | {str(watch): True}


@routes.get("/protection-plans", response_model=PlanPage)
async def list_protection_plans(
    reader: Reader, query: Annotated[ProtectionPlansQuery, Query()], today: Today
) -> Response:
    """List plans, newest first. Restricted records are shown only to the child's chair and to managers."""
    return await reader.page(PLANS, query, day=query.open_on or today)


@routes.get("/protection-plans/{plan_id}", response_model=PlanOut, responses=responses(NotFound))
async def get_protection_plan(
    plan_id: Annotated[UUID, Path(description="The plan's identifier.")], reader: Reader
) -> Response:
    """Get a plan. The ETag is the version."""
    return await reader.one(PLAN, id=plan_id)


@routes.post("/protection-plans/{plan_id}/end", responses=CHANGED | responses(ending.PlanNotRunning))
async def end_plan(plan_id: UUID, wanted: EndPlanIn, command: Decider, version: IfMatch, response: Response) -> PlanOut:
    """End a plan without a conference: a transfer out, the 18th birthday, death or leaving the United Kingdom."""
    plan = await ending.end_plan(command, plan_id, version, wanted)
    response.headers["ETag"] = etag(plan.version)
    return PlanOut.model_validate(plan)
