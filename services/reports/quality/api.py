"""The quality of the work: observations, development, audits, homes and visits to them, and priorities."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading, Transaction
from chassis.meetings.corrections import VoidIn
from chassis.papers.directory import Directory
from chassis.process import ProcessDep
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.reports.quality import actions, queries, schemas
from services.reports.quality.models import CaseAudit, Development, HomeVisit, Observation, Priority, Recorded
from services.reports.quality.rules import DevelopmentKind, DueKind, Grade, HomeKind, PriorityState
from services.reports.roles import AUTHORS, READERS, WRITERS

routes = Routes(prefix="/v1/quality", tags=["reports"])

Reader = Annotated[Caller, may(*READERS)]
Keeper = Annotated[Caller, may(*WRITERS)]
Leader = Annotated[Command, commanded_by(*AUTHORS)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
RecordId = Annotated[UUID, Path(description="The identifier of the record.")]
Version = IfMatchWhereKnown
MADE = responses(Invalid)
CHANGED = responses(NotFound, Invalid, VersionStale, VersionMissing)
VOIDED = responses(NotFound, Invalid)
PUT = responses(Invalid, VersionStale, VersionMissing)


def _versioned(response: Response, row: Recorded) -> None:
    response.headers["ETag"] = etag(row.version)


@routes.post("/observations", status_code=201, responses=MADE)
async def record_observation(
    wanted: schemas.ObservationIn, command: Leader, response: Response
) -> schemas.ObservationOut:
    """Record an observation of a chair."""
    row = await actions.record(command, Observation, wanted)
    _versioned(response, row)
    return schemas.ObservationOut.model_validate(row)


class ObservationsQuery(PageQuery):
    """The parameters of `list_observations`."""

    chair_id: Several[str] = Field(None, description="Filter by chair.")
    observer_id: Several[str] = Field(None, description="Filter by who observed.")
    grade: Several[Grade] = Field(None, description="Filter by grade.")
    observed_from: Omittable[Day] = Field(None, description="Observed on or after this date.")
    observed_to: Omittable[Day] = Field(None, description="Observed on or before this date.")
    sort: str = sorted_by("-observed_on", "chair_id")


@routes.get("/observations", response_model=schemas.ObservationPage)
async def list_observations(reading: Reading, caller: Reader, query: Annotated[ObservationsQuery, Query()]) -> Response:
    """List observations of chairs, newest first. A chair sees their own."""
    return await queries.OBSERVATIONS.page(reading, query, **queries.seen_by(caller))


@routes.put("/observations/{observation_id}", responses=CHANGED)
async def correct_observation(
    observation_id: RecordId, wanted: schemas.ObservationIn, command: Leader, version: Version, response: Response
) -> schemas.ObservationOut:
    """Set right an observation of a chair. It says afterwards what is sent."""
    row = await actions.correct(command, Observation, observation_id, version, wanted)
    _versioned(response, row)
    return schemas.ObservationOut.model_validate(row)


@routes.post("/observations/{observation_id}/void", status_code=204, responses=VOIDED)
async def void_observation(observation_id: RecordId, wanted: VoidIn, command: Leader) -> None:
    """Void an observation of a chair, with the reason. It is kept, and shown and counted no more."""
    await actions.void(command, Observation, observation_id, wanted.reason)


@routes.post("/development", status_code=201, responses=MADE)
async def record_development(
    wanted: schemas.DevelopmentIn, command: Leader, response: Response
) -> schemas.DevelopmentOut:
    """Record supervision, training or the like."""
    row = await actions.record(command, Development, wanted)
    _versioned(response, row)
    return schemas.DevelopmentOut.model_validate(row)


class DevelopmentQuery(PageQuery):
    """The parameters of `list_development`."""

    colleague_id: Several[str] = Field(None, description="Filter by colleague.")
    kind: Several[DevelopmentKind] = Field(None, description="Filter by kind.")
    held_from: Omittable[Day] = Field(None, description="Held on or after this date.")
    held_to: Omittable[Day] = Field(None, description="Held on or before this date.")
    sort: str = sorted_by("-held_on", "colleague_id")


@routes.get("/development", response_model=schemas.DevelopmentPage)
async def list_development(reading: Reading, caller: Reader, query: Annotated[DevelopmentQuery, Query()]) -> Response:
    """List supervision, training and the like, newest first. A chair sees their own."""
    return await queries.DEVELOPMENT.page(reading, query, **queries.seen_by(caller))


@routes.put("/development/{development_id}", responses=CHANGED)
async def correct_development(
    development_id: RecordId, wanted: schemas.DevelopmentIn, command: Leader, version: Version, response: Response
) -> schemas.DevelopmentOut:
    """Set right supervision, training or the like. It says afterwards what is sent."""
    row = await actions.correct(command, Development, development_id, version, wanted)
    _versioned(response, row)
    return schemas.DevelopmentOut.model_validate(row)


@routes.post("/development/{development_id}/void", status_code=204, responses=VOIDED)
async def void_development(development_id: RecordId, wanted: VoidIn, command: Leader) -> None:
    """Void supervision, training or the like, with the reason. It is kept, and shown and counted no more."""
    await actions.void(command, Development, development_id, wanted.reason)


@routes.post("/audits", status_code=201, responses=MADE)
async def record_case_audit(wanted: schemas.CaseAuditIn, command: Writer, response: Response) -> schemas.CaseAuditOut:
    """Record an audit of records."""
    row = await actions.record(command, CaseAudit, wanted)
    _versioned(response, row)
    return schemas.CaseAuditOut.model_validate(row)


class CaseAuditsQuery(PageQuery):
    """The parameters of `list_case_audits`."""

    auditor_id: Several[str] = Field(None, description="Filter by auditor.")
    grade: Several[Grade] = Field(None, description="Filter by grade.")
    audited_from: Omittable[Day] = Field(None, description="Audited on or after this date.")
    audited_to: Omittable[Day] = Field(None, description="Audited on or before this date.")
    sort: str = sorted_by("-audited_on", "subject")


@routes.get("/audits", response_model=schemas.CaseAuditPage)
async def list_case_audits(reading: Reading, caller: Keeper, query: Annotated[CaseAuditsQuery, Query()]) -> Response:
    """List audits of records, newest first."""
    return await queries.CASE_AUDITS.page(reading, query)


@routes.put("/audits/{case_audit_id}", responses=CHANGED)
async def correct_case_audit(
    case_audit_id: RecordId, wanted: schemas.CaseAuditIn, command: Writer, version: Version, response: Response
) -> schemas.CaseAuditOut:
    """Set right an audit of records. It says afterwards what is sent."""
    row = await actions.correct(command, CaseAudit, case_audit_id, version, wanted)
    _versioned(response, row)
    return schemas.CaseAuditOut.model_validate(row)


@routes.post("/audits/{case_audit_id}/void", status_code=204, responses=VOIDED)
async def void_case_audit(case_audit_id: RecordId, wanted: VoidIn, command: Writer) -> None:
    """Void an audit of records, with the reason. It is kept, and shown and counted no more."""
    await actions.void(command, CaseAudit, case_audit_id, wanted.reason)


@routes.post("/home-visits", status_code=201, responses=MADE)
async def record_home_visit(wanted: schemas.HomeVisitIn, command: Writer, response: Response) -> schemas.HomeVisitOut:
    """Record a visit to a home by an independent person.

    Regulation 44 of the Children's Homes (England) Regulations 2015.
    """
    row = await actions.record(command, HomeVisit, wanted)
    _versioned(response, row)
    return schemas.HomeVisitOut.model_validate(row)


class HomeVisitsQuery(PageQuery):
    """The parameters of `list_home_visits`."""

    home_id: Several[str] = Field(None, description="Filter by home.")
    visited_from: Omittable[Day] = Field(None, description="Visited on or after this date.")
    visited_to: Omittable[Day] = Field(None, description="Visited on or before this date.")
    sort: str = sorted_by("-visited_on", "home_id")


@routes.get("/home-visits", response_model=schemas.HomeVisitPage)
async def list_home_visits(reading: Reading, caller: Keeper, query: Annotated[HomeVisitsQuery, Query()]) -> Response:
    """List visits to homes by independent persons, newest first."""
    return await queries.HOME_VISITS.page(reading, query)


@routes.put("/home-visits/{home_visit_id}", responses=CHANGED)
async def correct_home_visit(
    home_visit_id: RecordId, wanted: schemas.HomeVisitIn, command: Writer, version: Version, response: Response
) -> schemas.HomeVisitOut:
    """Set right a visit to a home. It says afterwards what is sent."""
    row = await actions.correct(command, HomeVisit, home_visit_id, version, wanted)
    _versioned(response, row)
    return schemas.HomeVisitOut.model_validate(row)


@routes.post("/home-visits/{home_visit_id}/void", status_code=204, responses=VOIDED)
async def void_home_visit(home_visit_id: RecordId, wanted: VoidIn, command: Writer) -> None:
    """Void a visit to a home, with the reason. It is kept, and shown and counted no more."""
    await actions.void(command, HomeVisit, home_visit_id, wanted.reason)


@routes.post("/priorities", status_code=201, responses=MADE)
async def record_priority(wanted: schemas.PriorityIn, command: Writer, response: Response) -> schemas.PriorityOut:
    """Record a priority of a year."""
    row = await actions.record(command, Priority, wanted)
    _versioned(response, row)
    return schemas.PriorityOut.model_validate(row)


class PrioritiesQuery(PageQuery):
    """The parameters of `list_priorities`."""

    year: Several[str] = Field(None, description="Filter by financial year, such as `2019-20`.")
    owner_id: Several[str] = Field(None, description="Filter by owner.")
    state: Several[PriorityState] = Field(None, description="Filter by state.")
    sort: str = sorted_by("-year", "title")


@routes.get("/priorities", response_model=schemas.PriorityPage)
async def list_priorities(reading: Reading, caller: Keeper, query: Annotated[PrioritiesQuery, Query()]) -> Response:
    """List priorities, those of the latest year first."""
    return await queries.PRIORITIES.page(reading, query)


@routes.put("/priorities/{priority_id}", responses=CHANGED)
async def correct_priority(
    priority_id: RecordId, wanted: schemas.PriorityIn, command: Writer, version: Version, response: Response
) -> schemas.PriorityOut:
    """Set right a priority of a year. It says afterwards what is sent."""
    row = await actions.correct(command, Priority, priority_id, version, wanted)
    _versioned(response, row)
    return schemas.PriorityOut.model_validate(row)


@routes.post("/priorities/{priority_id}/void", status_code=204, responses=VOIDED)
async def void_priority(priority_id: RecordId, wanted: VoidIn, command: Writer) -> None:
    """Void a priority of a year, with the reason. It is kept, and shown and counted no more."""
    await actions.void(command, Priority, priority_id, wanted.reason)


HomeId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Such as `meadow-house`.")]


class HomesQuery(PageQuery):
    """The parameters of `list_homes`."""

    id: Several[str] = Field(None, description="Filter by identifier.")
    kind: Several[HomeKind] = Field(None, description="Filter by kind.")
    sort: str = sorted_by("name", "kind")


@routes.get("/homes", response_model=schemas.HomePage)
async def list_homes(reading: Reading, caller: Keeper, query: Annotated[HomesQuery, Query()]) -> Response:
    """List the homes that an independent person visits, by name."""
    return await queries.HOMES.page(reading, query)


@routes.put(
    "/homes/{home_id}",
    responses={201: {"model": schemas.HomeOut, "description": "Created."}, **PUT},
)
async def put_home(
    home_id: HomeId, wanted: schemas.HomeIn, command: Writer, version: Version, response: Response
) -> schemas.HomeOut:
    """Create or replace a home that an independent person visits. 201 if it is new."""
    home, is_new = await actions.put_home(command, home_id, version, wanted)
    response.headers["ETag"] = etag(home.version)
    response.status_code = 201 if is_new else 200
    return schemas.HomeOut.model_validate(home)


@routes.get("/due")
async def list_quality_due(
    caller: Annotated[Caller, may(*AUTHORS)], session: Transaction, process: ProcessDep, today: Today
) -> schemas.DueListOut:
    """List what is due within 30 days or overdue, soonest first.

    Each chair is observed twice in a financial year, once in each half. A children's home is visited by an independent
    person once a month (regulation 44 of the Children's Homes (England) Regulations 2015), supported living every four
    months.
    """
    items = await actions.due(session, today)
    chairs = {item.about for item in items if item.kind is DueKind.OBSERVATION}
    names = await Directory(process).names(chairs, [])
    return schemas.DueListOut(items=[item.model_copy(update={"name": names.colleague(item.name)}) for item in items])
