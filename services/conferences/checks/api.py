"""Checks of plans and 12-month discussions: recorded, listed and voided."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from services.conferences.checks import actions as checks
from services.conferences.checks.queries import DISCUSSIONS, PLAN_CHECKS
from services.conferences.checks.schemas import (
    ConferencePlanCheckIn,
    ConferencePlanCheckOut,
    ConferencePlanCheckPage,
    TwelveMonthDiscussionIn,
    TwelveMonthDiscussionOut,
    TwelveMonthDiscussionPage,
)
from services.conferences.endpoints import Decider, Person, Reader
from services.conferences.plans.actions import NotOnPlan
from services.conferences.rules.vocabulary import CheckKind

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.post(
    "/children/{person_id}/plan-checks",
    status_code=201,
    responses=responses(NotFound, Invalid, NotOnPlan, checks.NoConferenceToCheck),
)
async def check_plan(person_id: Person, wanted: ConferencePlanCheckIn, command: Decider) -> ConferencePlanCheckOut:
    """Record a check of a plan, midway between conferences or before the next one.

    A midway check belongs to the last conference that was held by the day of the check. A concern is sent to the
    child's social worker, practice supervisor or team manager.
    """
    row = await checks.check_plan(command, person_id, wanted)
    return ConferencePlanCheckOut.model_validate(row)


class PlanChecksQuery(PageQuery):
    """The parameters of `list_plan_checks`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    reference: Several[str] = Field(None, description="Filter by conference.")
    chair_id: Several[str] = Field(None, description="Filter by the children's chair.")
    kind: Several[CheckKind] = Field(None, description="Filter by kind.")
    done_from: Omittable[Day] = Field(None, description="Done on or after this date.")
    done_to: Omittable[Day] = Field(None, description="Done on or before this date.")
    with_concern: Omittable[bool] = Field(None, description="Only checks with a concern, or only the others.")
    sort: str = sorted_by("-done_on", "person_id")


@routes.get("/plan-checks", response_model=ConferencePlanCheckPage)
async def list_plan_checks(reader: Reader, query: Annotated[PlanChecksQuery, Query()]) -> Response:
    """List checks of plans, newest first."""
    return await reader.page(PLAN_CHECKS, query)


@routes.post(
    "/children/{person_id}/twelve-month-discussions",
    status_code=201,
    responses=responses(NotFound, Invalid, NotOnPlan, checks.DiscussedAlready),
)
async def record_twelve_month_discussion(
    person_id: Person, wanted: TwelveMonthDiscussionIn, command: Decider
) -> TwelveMonthDiscussionOut:
    """Record the discussion held before a child reaches 12 months on a plan, with its formal agenda.

    The allocated chair cannot lead it.
    """
    row = await checks.record_discussion(command, person_id, wanted)
    return TwelveMonthDiscussionOut.model_validate(row)


class TwelveMonthDiscussionsQuery(PageQuery):
    """The parameters of `list_twelve_month_discussions`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    led_by: Several[str] = Field(None, description="Filter by the chair who led it.")
    held_from: Omittable[Day] = Field(None, description="Held on or after this date.")
    held_to: Omittable[Day] = Field(None, description="Held on or before this date.")
    sort: str = sorted_by("-held_on", "person_id")


@routes.get("/twelve-month-discussions", response_model=TwelveMonthDiscussionPage)
async def list_twelve_month_discussions(
    reader: Reader, query: Annotated[TwelveMonthDiscussionsQuery, Query()]
) -> Response:
    """List 12-month discussions, newest first."""
    return await reader.page(DISCUSSIONS, query)


@routes.post("/plan-checks/{check_id}/void", responses=responses(NotFound, Invalid))
async def void_plan_check(check_id: UUID, wanted: VoidIn, command: Decider) -> VoidedOut:
    """Void a check of a plan that was recorded by mistake, with the reason. The check is due again.

    If it raised a concern, tell the person it was sent to.
    """
    return await checks.void_plan_check(command, check_id, wanted.reason)


@routes.post("/twelve-month-discussions/{discussion_id}/void", responses=responses(NotFound, Invalid))
async def void_twelve_month_discussion(discussion_id: UUID, wanted: VoidIn, command: Decider) -> VoidedOut:
    """Void a 12-month discussion that was recorded by mistake. It is due again while the plan runs."""
    return await checks.void_discussion(command, discussion_id, wanted.reason)
