"""Plans, held conferences and what asked for them as lists; what happened for a child, and what is owed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable
from chassis.base.problems import NotFound, responses
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery
from services.conferences.calendar.queries import CHILD_CONFERENCES, ENQUIRIES, OWED, TRANSFERS_IN
from services.conferences.calendar.schemas import ConferenceTimelineEntryOut
from services.conferences.children.queries import WHOLE_CHILD
from services.conferences.children.schemas import ConferenceDeadlineOut, ConferenceRequestPage, PlanOut, PlanPage
from services.conferences.children.timeline import TIMELINE
from services.conferences.endpoints import Person, Reader
from services.conferences.meetings.schemas import ChildConferencePage
from services.conferences.plans.queries import PLAN, PLANS
from services.conferences.rules.plans import Watch
from services.conferences.rules.vocabulary import Category, ConferenceKind, Outcome

routes = APIRouter(prefix="/v1", tags=["children and families"])

PersonQuery = Annotated[Omittable[str], Field(description="Only for this child.")]
ChairQuery = Annotated[Omittable[str], Field(description="Only this chair's.")]
AreaQuery = Annotated[Omittable[str], Field(description="Only in this area.")]
TeamQuery = Annotated[Omittable[str], Field(description="Only this social work team's.")]
StartedFrom = Annotated[Omittable[Day], Field(description="Only started on this day or later.")]
StartedTo = Annotated[Omittable[Day], Field(description="Only started on this day or earlier.")]
WaitingQuery = Annotated[
    Omittable[bool], Field(description="Only what asks for a conference that was not held yet, or only the others.")
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


class ProtectionPlansQuery(PageQuery):
    """The parameters of `list_protection_plans`."""

    open_on: Omittable[Day] = Field(None, description="Only open at the end of this day.")
    watch: Omittable[Watch] = Field(
        None,
        description="Only those to be watched for this: running for 2 years or more (on the day of `open_on`, or "
        "today), a second or later plan, one that started within 2 years of the end of another, one that ended "
        "within 3 months, or of a child who is looked after as well now.",
    )
    person_id: PersonQuery = None
    chair_id: ChairQuery = None
    area_id: AreaQuery = None
    team: TeamQuery = None
    category: Omittable[Category] = Field(None, description="Only with this latest category.")
    started_from: StartedFrom = None
    started_to: StartedTo = None
    ended_from: Omittable[Day] = Field(None, description="Only ended on this day or later.")
    ended_to: Omittable[Day] = Field(None, description="Only ended on this day or earlier.")

    def filters(self) -> dict[str, Any]:
        """What is asked for; each reason to watch a plan is a filter of its own."""
        asked = super().filters()
        watch = asked.pop("watch", None)
        return asked if watch is None else asked | {str(watch): True}


@routes.get("/protection-plans", response_model=PlanPage)
async def list_protection_plans(
    reading: Reading, caller: Reader, query: Annotated[ProtectionPlansQuery, Query()], today: Today
) -> Response:
    """Child protection plans, newest first; restricted records are shown to their chair and to managers alone."""
    look = Look(caller, "list_protection_plans", "protection-plans")
    return await PLANS.page(reading, query, look=look, day=query.open_on or today, **seen_by(caller))


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


class ChildConferencesQuery(PageQuery):
    """The parameters of `list_child_conferences`."""

    person_id: PersonQuery = None
    kind: Omittable[ConferenceKind] = Field(None, description="Only of this kind.")
    outcome: Omittable[Outcome] = Field(None, description="Only where this was decided.")
    category: Omittable[Category] = Field(None, description="Only where the plan's category was this.")
    chair_id: ChairQuery = None
    area_id: AreaQuery = None
    team: TeamQuery = None
    held_from: Omittable[Day] = Field(None, description="Only held on this day or later.")
    held_to: Omittable[Day] = Field(None, description="Only held on this day or earlier.")
    late: Omittable[bool] = Field(None, description="Only held after the due date, or only the others.")


@routes.get("/child-conferences", response_model=ChildConferencePage)
async def list_child_conferences(
    reading: Reading, caller: Reader, query: Annotated[ChildConferencesQuery, Query()]
) -> Response:
    """Conferences that were held, one for each child, newest first."""
    look = Look(caller, "list_child_conferences", "child-conferences")
    return await CHILD_CONFERENCES.page(reading, query, look=look, **seen_by(caller))


class RequestsQuery(PageQuery):
    """The parameters of `list_section_47_enquiries` and `list_transfers_in`."""

    person_id: PersonQuery = None
    started_from: StartedFrom = None
    started_to: StartedTo = None
    waiting: WaitingQuery = None


@routes.get("/section-47-enquiries", response_model=ConferenceRequestPage)
async def list_section_47_enquiries(
    reading: Reading, caller: Reader, query: Annotated[RequestsQuery, Query()]
) -> Response:
    """Section 47 enquiries, newest first, with the conference that each asks for and when that is due."""
    look = Look(caller, "list_section_47_enquiries", "section-47-enquiries")
    return await ENQUIRIES.page(reading, query, look=look, **seen_by(caller))


@routes.get("/transfers-in", response_model=ConferenceRequestPage)
async def list_transfers_in(reading: Reading, caller: Reader, query: Annotated[RequestsQuery, Query()]) -> Response:
    """Other authorities' notifications of transfers, newest first, with the conference that each asks for."""
    look = Look(caller, "list_transfers_in", "transfers-in")
    return await TRANSFERS_IN.page(reading, query, look=look, **seen_by(caller))
