"""Plans, held conferences and what asked for them as lists; what happened for a child, and what is owed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from chassis.audit import Look
from chassis.clock import Today
from chassis.dates import Day
from chassis.db import Reading
from chassis.pagination import Paging
from chassis.problems import NotFound, responses
from chassis.routing import Router
from chassis.seeing import seen_by
from services.conferences.api.dependencies import Person, Reader
from services.conferences.queries.children import WHOLE_CHILD
from services.conferences.queries.lists import CHILD_CONFERENCES, ENQUIRIES, OWED, TRANSFERS_IN
from services.conferences.queries.plans import PLAN, PLANS
from services.conferences.queries.timeline import TIMELINE
from services.conferences.rules.plans import Watch
from services.conferences.rules.vocabulary import Category, ConferenceKind, Outcome
from services.conferences.schemas.children import ConferenceDeadlineOut, ConferenceRequestPage, PlanOut, PlanPage
from services.conferences.schemas.conferences import ChildConferencePage
from services.conferences.schemas.lists import ConferenceTimelineEntryOut

routes = Router(prefix="/v1", tags=["children and families"])

PersonQuery = Annotated[str | None, Query(description="Only for this child.")]
ChairQuery = Annotated[str | None, Query(description="Only this chair's.")]
AreaQuery = Annotated[str | None, Query(description="Only in this area.")]
TeamQuery = Annotated[str | None, Query(description="Only this social work team's.")]
StartedFrom = Annotated[Day | None, Query(description="Only started on this day or later.")]
StartedTo = Annotated[Day | None, Query(description="Only started on this day or earlier.")]
WaitingQuery = Annotated[
    bool | None, Query(description="Only what asks for a conference that was not held yet, or only the others.")
]


@routes.get(
    "/children/{person_id}/conference-timeline",
    response_model=list[ConferenceTimelineEntryOut],
    responses=responses(NotFound),
)
async def get_conference_timeline(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """All that happened for a child, oldest first: enquiries, conferences, plans, core groups, checks, discussions."""
    look = Look(caller, "get_conference_timeline", person_id)
    return await TIMELINE.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, **seen_by(caller))


@routes.get(
    "/children/{person_id}/conference-owed", response_model=list[ConferenceDeadlineOut], responses=responses(NotFound)
)
async def get_conference_owed(person_id: Person, reading: Reading, caller: Reader, today: Today) -> Response:
    """Every open deadline of a child, soonest first: what, by when, by which rule, and whose it is."""
    look = Look(caller, "get_conference_owed", person_id)
    return await OWED.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, today=today, **seen_by(caller))


@routes.get("/protection-plans", response_model=PlanPage)
async def list_protection_plans(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    today: Today,
    open_on: Annotated[Day | None, Query(description="Only open at the end of this day.")] = None,
    watch: Annotated[
        Watch | None,
        Query(
            description="Only those to be watched for this: running for 2 years or more (on the day of `open_on`, or "
            "today), a second or later plan, one that started within 2 years of the end of another, one that ended "
            "within 3 months, or of a child who is looked after as well now."
        ),
    ] = None,
    person_id: PersonQuery = None,
    chair_id: ChairQuery = None,
    area_id: AreaQuery = None,
    team: TeamQuery = None,
    category: Annotated[Category | None, Query(description="Only with this latest category.")] = None,
    started_from: StartedFrom = None,
    started_to: StartedTo = None,
    ended_from: Annotated[Day | None, Query(description="Only ended on this day or later.")] = None,
    ended_to: Annotated[Day | None, Query(description="Only ended on this day or earlier.")] = None,
) -> Response:
    """Child protection plans, newest first; restricted records are shown to their chair and to managers alone."""
    given = {
        "open_on": open_on, "person_id": person_id, "chair_id": chair_id, "area_id": area_id, "team": team,
        "category": category, "started_from": started_from, "started_to": started_to, "ended_from": ended_from,
        "ended_to": ended_to, **({} if watch is None else {str(watch): True}),
    }  # fmt: skip
    look = Look(caller, "list_protection_plans", "protection-plans")
    return await PLANS.page(reading, paging, look=look, day=open_on or today, **seen_by(caller), **given)


@routes.get("/protection-plans/{plan_id}", response_model=PlanOut, responses=responses(NotFound))
async def get_protection_plan(
    plan_id: Annotated[UUID, Path(description="The plan's identifier.")], reading: Reading, caller: Reader
) -> Response:
    """One plan, and the version as ETag."""
    look = Look(caller, "get_protection_plan", str(plan_id))
    found = await PLAN.one(reading, look=look, id=plan_id, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


@routes.get("/child-conferences", response_model=ChildConferencePage)
async def list_child_conferences(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    person_id: PersonQuery = None,
    kind: Annotated[ConferenceKind | None, Query(description="Only of this kind.")] = None,
    outcome: Annotated[Outcome | None, Query(description="Only where this was decided.")] = None,
    category: Annotated[Category | None, Query(description="Only where the plan's category was this.")] = None,
    chair_id: ChairQuery = None,
    area_id: AreaQuery = None,
    team: TeamQuery = None,
    held_from: Annotated[Day | None, Query(description="Only held on this day or later.")] = None,
    held_to: Annotated[Day | None, Query(description="Only held on this day or earlier.")] = None,
    late: Annotated[bool | None, Query(description="Only held after the due date, or only the others.")] = None,
) -> Response:
    """Conferences that were held, one for each child, newest first."""
    given = {
        "person_id": person_id, "kind": kind, "outcome": outcome, "category": category, "chair_id": chair_id,
        "area_id": area_id, "team": team, "held_from": held_from, "held_to": held_to, "is_late": late or None,
        "is_not_late": late is False or None,
    }  # fmt: skip
    look = Look(caller, "list_child_conferences", "child-conferences")
    return await CHILD_CONFERENCES.page(reading, paging, look=look, **seen_by(caller), **given)


def _requests(
    person_id: str | None, started_from: Day | None, started_to: Day | None, *, waiting: bool | None
) -> dict[str, Any]:
    """The filters of enquiries and transfers by name."""
    return {
        "person_id": person_id, "started_from": started_from, "started_to": started_to, "is_waiting": waiting or None,
        "is_not_waiting": waiting is False or None,
    }  # fmt: skip


@routes.get("/section-47-enquiries", response_model=ConferenceRequestPage)
async def list_section_47_enquiries(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    person_id: PersonQuery = None,
    started_from: StartedFrom = None,
    started_to: StartedTo = None,
    waiting: WaitingQuery = None,
) -> Response:
    """Section 47 enquiries, newest first, with the conference that each asks for and when that is due."""
    look = Look(caller, "list_section_47_enquiries", "section-47-enquiries")
    given = _requests(person_id, started_from, started_to, waiting=waiting)
    return await ENQUIRIES.page(reading, paging, look=look, **seen_by(caller), **given)


@routes.get("/transfers-in", response_model=ConferenceRequestPage)
async def list_transfers_in(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    person_id: PersonQuery = None,
    started_from: StartedFrom = None,
    started_to: StartedTo = None,
    waiting: WaitingQuery = None,
) -> Response:
    """Other authorities' notifications of transfers, newest first, with the conference that each asks for."""
    look = Look(caller, "list_transfers_in", "transfers-in")
    given = _requests(person_id, started_from, started_to, waiting=waiting)
    return await TRANSFERS_IN.page(reading, paging, look=look, **seen_by(caller), **given)
