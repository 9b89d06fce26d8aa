"""Between conferences: core groups, checks of plans, 12-month discussions, feedback."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading
from chassis.meetings.vocabulary import FeedbackFrom, Rating
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.pagination import PageQuery
from services.conferences.checks import actions as between
from services.conferences.checks.queries import CORE_GROUPS, DISCUSSIONS, FEEDBACK, PLAN_CHECKS
from services.conferences.checks.schemas import (
    ConferenceFeedbackIn,
    ConferenceFeedbackOut,
    ConferenceFeedbackPage,
    ConferencePlanCheckIn,
    ConferencePlanCheckOut,
    ConferencePlanCheckPage,
    CoreGroupIn,
    CoreGroupOut,
    CoreGroupPage,
    CoreGroupsOut,
    TwelveMonthDiscussionIn,
    TwelveMonthDiscussionOut,
    TwelveMonthDiscussionPage,
)
from services.conferences.endpoints import Decider, Person, Reader, Ref, Writer
from services.conferences.meetings.meeting import ConferenceNotHeld
from services.conferences.rules.vocabulary import CheckKind

routes = APIRouter(prefix="/v1", tags=["between conferences"])
PersonQuery = Annotated[Omittable[str], Field(description="Only about this child.")]
RefQuery = Annotated[Omittable[str], Field(description="Only of this conference.")]
ChairQuery = Annotated[Omittable[str], Field(description="Only for this chair's children.")]


@routes.post(
    "/core-groups",
    status_code=201,
    response_model=CoreGroupsOut,
    responses=responses(Invalid, between.NotOnPlan, IdempotencyKeyReused),
)
async def record_core_group(wanted: CoreGroupIn, command: Writer, key: IdempotencyKey) -> Response:
    """Write down that the core group of one or several children met, or did not, and when it meets next.

    The first meets within 10 working days of the initial conference (Working Together to Safeguard Children 2026); the
    next is due on the day that was agreed.
    """
    rows = await between.record_core_group(command, wanted)
    answer = CoreGroupsOut([CoreGroupOut.model_validate(one, from_attributes=True) for one in rows])
    return await key.remember(answer)


class CoreGroupsQuery(PageQuery):
    """The parameters of `list_core_groups`."""

    person_id: PersonQuery = None
    reference: RefQuery = None
    chair_id: ChairQuery = None
    due_from: Omittable[Day] = Field(None, description="Only due on this day or later.")
    due_to: Omittable[Day] = Field(None, description="Only due on this day or earlier.")
    held: Omittable[bool] = Field(None, description="Only those that met, or only those that did not.")


@routes.get("/core-groups", response_model=CoreGroupPage)
async def list_core_groups(reading: Reading, caller: Reader, query: Annotated[CoreGroupsQuery, Query()]) -> Response:
    """Core groups, newest first by the day on which they were due."""
    look = Look(caller, "list_core_groups", "core-groups")
    return await CORE_GROUPS.page(reading, query, look=look, **seen_by(caller))


@routes.post(
    "/children/{person_id}/plan-checks",
    status_code=201,
    responses=responses(NotFound, Invalid, between.NotOnPlan, between.NoConferenceToCheck),
)
async def check_plan(person_id: Person, wanted: ConferencePlanCheckIn, command: Decider) -> ConferencePlanCheckOut:
    """Write down a look at a plan, midway between conferences or in preparation of the next one.

    A concern goes to the social worker, the practice supervisor or the team manager of the child.
    """
    row = await between.check_plan(command, person_id, wanted)
    return ConferencePlanCheckOut.model_validate(row, from_attributes=True)


class PlanChecksQuery(PageQuery):
    """The parameters of `list_plan_checks`."""

    person_id: PersonQuery = None
    reference: RefQuery = None
    chair_id: ChairQuery = None
    kind: Omittable[CheckKind] = Field(None, description="Only of this kind.")
    done_from: Omittable[Day] = Field(None, description="Only done on this day or later.")
    done_to: Omittable[Day] = Field(None, description="Only done on this day or earlier.")
    with_concern: Omittable[bool] = Field(None, description="Only with a concern, or only the others.")


@routes.get("/plan-checks", response_model=ConferencePlanCheckPage)
async def list_plan_checks(reading: Reading, caller: Reader, query: Annotated[PlanChecksQuery, Query()]) -> Response:
    """Checks of plans, newest first."""
    look = Look(caller, "list_plan_checks", "plan-checks")
    return await PLAN_CHECKS.page(reading, query, look=look, **seen_by(caller))


@routes.post(
    "/children/{person_id}/twelve-month-discussions",
    status_code=201,
    responses=responses(NotFound, Invalid, between.NotOnPlan, between.DiscussedAlready),
)
async def record_twelve_month_discussion(
    person_id: Person, wanted: TwelveMonthDiscussionIn, command: Decider
) -> TwelveMonthDiscussionOut:
    """Write down the discussion before a child reaches 12 months on a plan, to its formal agenda.

    It is led by another chair than the allocated one, who is refused.
    """
    row = await between.record_discussion(command, person_id, wanted)
    return TwelveMonthDiscussionOut.model_validate(row, from_attributes=True)


class TwelveMonthDiscussionsQuery(PageQuery):
    """The parameters of `list_twelve_month_discussions`."""

    person_id: PersonQuery = None
    led_by: Omittable[str] = Field(None, description="Only led by this chair.")
    held_from: Omittable[Day] = Field(None, description="Only held on this day or later.")
    held_to: Omittable[Day] = Field(None, description="Only held on this day or earlier.")


@routes.get("/twelve-month-discussions", response_model=TwelveMonthDiscussionPage)
async def list_twelve_month_discussions(
    reading: Reading, caller: Reader, query: Annotated[TwelveMonthDiscussionsQuery, Query()]
) -> Response:
    """12-month discussions, newest first."""
    look = Look(caller, "list_twelve_month_discussions", "twelve-month-discussions")
    return await DISCUSSIONS.page(reading, query, look=look, **seen_by(caller))


@routes.post(
    "/conferences/{reference}/feedback",
    status_code=201,
    response_model=ConferenceFeedbackOut,
    responses=responses(NotFound, Invalid, ConferenceNotHeld, IdempotencyKeyReused),
)
async def give_conference_feedback(
    reference: Ref, wanted: ConferenceFeedbackIn, command: Writer, key: IdempotencyKey
) -> Response:
    """Write down what a child, the family, a carer or a professional said about a conference."""
    row = await between.record_feedback(command, reference, wanted)
    return await key.remember(ConferenceFeedbackOut.model_validate(row, from_attributes=True))


class ConferenceFeedbackQuery(PageQuery):
    """The parameters of `list_conference_feedback`."""

    reference: RefQuery = None
    from_whom: Omittable[FeedbackFrom] = Field(None, description="Only from them.")
    rating: Omittable[Rating] = Field(None, description="Only rated so.")


@routes.get("/conference-feedback", response_model=ConferenceFeedbackPage)
async def list_conference_feedback(
    reading: Reading, caller: Reader, query: Annotated[ConferenceFeedbackQuery, Query()]
) -> Response:
    """Feedback about conferences, newest first."""
    look = Look(caller, "list_conference_feedback", "conference-feedback")
    return await FEEDBACK.page(reading, query, look=look, **seen_by(caller))
