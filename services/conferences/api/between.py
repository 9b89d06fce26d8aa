"""Between conferences: core groups, checks of plans, 12-month discussions, feedback."""

from typing import Annotated

from fastapi import Query, Response

from chassis.audit import Look
from chassis.dates import Day
from chassis.db import Reading
from chassis.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.meetings import FeedbackFrom, Rating
from chassis.pagination import Paging
from chassis.problems import Invalid, NotFound, responses
from chassis.routing import Router
from chassis.seeing import seen_by
from services.conferences.actions import between
from services.conferences.actions.meetings import ConferenceNotHeld
from services.conferences.api.dependencies import Decider, Person, Reader, Ref, Writer
from services.conferences.queries.between import CORE_GROUPS, DISCUSSIONS, FEEDBACK, PLAN_CHECKS
from services.conferences.rules.vocabulary import CheckKind
from services.conferences.schemas.between import (
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

routes = Router(prefix="/v1", tags=["between conferences"])
PersonQuery = Annotated[str | None, Query(description="Only about this child.")]
RefQuery = Annotated[str | None, Query(description="Only of this conference.")]
ChairQuery = Annotated[str | None, Query(description="Only for this chair's children.")]


@routes.post(
    "/core-groups",
    status_code=201,
    response_model=CoreGroupsOut,
    responses=responses(Invalid, between.NotOnPlan, IdempotencyKeyReused),
)
async def record_core_group(wanted: CoreGroupIn, act: Writer, key: IdempotencyKey) -> Response:
    """Write down that the core group of one or several children met, or did not, and when it meets next.

    The first meets within 10 working days of the initial conference (Working Together to Safeguard Children 2026); the
    next is due on the day that was agreed.
    """
    rows = await between.record_core_group(act, wanted)
    answer = CoreGroupsOut([CoreGroupOut.model_validate(one, from_attributes=True) for one in rows])
    return await key.remember(answer)


@routes.get("/core-groups", response_model=CoreGroupPage)
async def list_core_groups(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    person_id: PersonQuery = None,
    reference: RefQuery = None,
    chair_id: ChairQuery = None,
    due_from: Annotated[Day | None, Query(description="Only due on this day or later.")] = None,
    due_to: Annotated[Day | None, Query(description="Only due on this day or earlier.")] = None,
    held: Annotated[bool | None, Query(description="Only those that met, or only those that did not.")] = None,
) -> Response:
    """Core groups, newest first by the day on which they were due."""
    given = {
        "person_id": person_id, "reference": reference, "chair_id": chair_id, "due_from": due_from, "due_to": due_to,
        "is_held": held or None, "is_not_held": held is False or None,
    }  # fmt: skip
    look = Look(caller, "list_core_groups", "core-groups")
    return await CORE_GROUPS.page(reading, paging, look=look, **seen_by(caller), **given)


@routes.post(
    "/children/{person_id}/plan-checks",
    status_code=201,
    responses=responses(NotFound, Invalid, between.NotOnPlan, between.NoConferenceToCheck),
)
async def check_plan(person_id: Person, wanted: ConferencePlanCheckIn, act: Decider) -> ConferencePlanCheckOut:
    """Write down a look at a plan, midway between conferences or in preparation of the next one.

    A concern goes to the social worker, the practice supervisor or the team manager of the child.
    """
    row = await between.check_plan(act, person_id, wanted)
    return ConferencePlanCheckOut.model_validate(row, from_attributes=True)


@routes.get("/plan-checks", response_model=ConferencePlanCheckPage)
async def list_plan_checks(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    person_id: PersonQuery = None,
    reference: RefQuery = None,
    chair_id: ChairQuery = None,
    kind: Annotated[CheckKind | None, Query(description="Only of this kind.")] = None,
    done_from: Annotated[Day | None, Query(description="Only done on this day or later.")] = None,
    done_to: Annotated[Day | None, Query(description="Only done on this day or earlier.")] = None,
    with_concern: Annotated[bool | None, Query(description="Only with a concern, or only the others.")] = None,
) -> Response:
    """Checks of plans, newest first."""
    given = {
        "person_id": person_id, "reference": reference, "chair_id": chair_id, "kind": kind, "done_from": done_from,
        "done_to": done_to, "is_with_concern": with_concern or None,
        "is_not_with_concern": with_concern is False or None,
    }  # fmt: skip
    look = Look(caller, "list_plan_checks", "plan-checks")
    return await PLAN_CHECKS.page(reading, paging, look=look, **seen_by(caller), **given)


@routes.post(
    "/children/{person_id}/twelve-month-discussions",
    status_code=201,
    responses=responses(NotFound, Invalid, between.NotOnPlan, between.DiscussedAlready),
)
async def record_twelve_month_discussion(
    person_id: Person, wanted: TwelveMonthDiscussionIn, act: Decider
) -> TwelveMonthDiscussionOut:
    """Write down the discussion before a child reaches 12 months on a plan, to its formal agenda.

    It is led by another chair than the allocated one, who is refused.
    """
    row = await between.record_discussion(act, person_id, wanted)
    return TwelveMonthDiscussionOut.model_validate(row, from_attributes=True)


@routes.get("/twelve-month-discussions", response_model=TwelveMonthDiscussionPage)
async def list_twelve_month_discussions(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    person_id: PersonQuery = None,
    led_by: Annotated[str | None, Query(description="Only led by this chair.")] = None,
    held_from: Annotated[Day | None, Query(description="Only held on this day or later.")] = None,
    held_to: Annotated[Day | None, Query(description="Only held on this day or earlier.")] = None,
) -> Response:
    """12-month discussions, newest first."""
    given = {"person_id": person_id, "led_by": led_by, "held_from": held_from, "held_to": held_to}
    look = Look(caller, "list_twelve_month_discussions", "twelve-month-discussions")
    return await DISCUSSIONS.page(reading, paging, look=look, **seen_by(caller), **given)


@routes.post(
    "/conferences/{reference}/feedback",
    status_code=201,
    response_model=ConferenceFeedbackOut,
    responses=responses(NotFound, Invalid, ConferenceNotHeld, IdempotencyKeyReused),
)
async def give_conference_feedback(
    reference: Ref, wanted: ConferenceFeedbackIn, act: Writer, key: IdempotencyKey
) -> Response:
    """Write down what a child, the family, a carer or a professional said about a conference."""
    row = await between.record_feedback(act, reference, wanted)
    return await key.remember(ConferenceFeedbackOut.model_validate(row, from_attributes=True))


@routes.get("/conference-feedback", response_model=ConferenceFeedbackPage)
async def list_conference_feedback(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    reference: RefQuery = None,
    from_whom: Annotated[FeedbackFrom | None, Query(description="Only from them.")] = None,
    rating: Annotated[Rating | None, Query(description="Only rated so.")] = None,
) -> Response:
    """Feedback about conferences, newest first."""
    given = {"reference": reference, "from_whom": from_whom, "rating": rating}
    look = Look(caller, "list_conference_feedback", "conference-feedback")
    return await FEEDBACK.page(reading, paging, look=look, **seen_by(caller), **given)
