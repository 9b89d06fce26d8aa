"""The directory: areas, agencies, colleagues and coverage, one by one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field

from chassis.access.callers import Caller, Role, may
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.process import ProcessDep
from chassis.web.pagination import JsonRows, PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.notifications.directory import actions as directory
from services.notifications.directory import snapshot
from services.notifications.directory.models import Coverage
from services.notifications.directory.queries import AGENCIES, AREAS, COLLEAGUES, COVERAGE
from services.notifications.directory.schemas import (
    AgencyIn,
    AgencyOut,
    AgencyPage,
    AreaIn,
    AreaOut,
    AreaPage,
    ColleagueIn,
    ColleagueOut,
    ColleaguePage,
    CoverageCheckOut,
    CoverageIn,
    CoverageOut,
    CoveragePage,
)
from services.notifications.roles import EVERYBODY, KEEPERS
from services.notifications.rules import Position

routes = Routes(prefix="/v1", tags=["directory"])

Reader = Annotated[Caller, may(*EVERYBODY)]
Keeper = Annotated[Command, commanded_by(*KEEPERS)]
Administrator = Annotated[Command, commanded_by(Role.ADMINISTRATOR)]
SlugPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
ColleaguePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$", description="The token's subject.")]


def _put_responses(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    return {201: {"model": model, "description": "Created."}} | responses(Invalid, VersionStale, VersionMissing)


async def _one(rows: JsonRows, reading: Reading, key: str) -> Response:
    found = await rows.one(reading, id=key)
    if found is None:
        raise NotFound
    return found


def _put(response: Response, version: int, *, is_new: bool) -> None:
    response.headers["ETag"] = etag(version)
    response.status_code = 201 if is_new else 200


@routes.put("/areas/{area_id}", responses=_put_responses(AreaOut))
async def put_area(
    area_id: SlugPath, wanted: AreaIn, command: Keeper, version: IfMatchWhereKnown, response: Response
) -> AreaOut:
    """Create or replace an area. 201 if it is new."""
    area, is_new = await directory.put_area(command, area_id, wanted, version)
    _put(response, area.version, is_new=is_new)
    return AreaOut.model_validate(area)


class PlacesQuery(PageQuery):
    """The parameters of the lists of areas and agencies."""

    id: Several[str] = Field(None, description="Filter by identifier.")
    text: Omittable[str] = Field(None, min_length=2, max_length=100, description="Filter by part of the name.")
    sort: str = sorted_by("id", "name")


@routes.get("/areas", response_model=AreaPage)
async def list_areas(reading: Reading, caller: Reader, query: Annotated[PlacesQuery, Query()]) -> Response:
    """List areas by identifier."""
    return await AREAS.page(reading, query)


@routes.get("/areas/{area_id}", response_model=AreaOut, responses=responses(NotFound))
async def get_area(area_id: SlugPath, reading: Reading, caller: Reader) -> Response:
    """Get an area. Its version is the ETag."""
    return await _one(AREAS, reading, area_id)


@routes.put("/agencies/{agency_id}", responses=_put_responses(AgencyOut))
async def put_agency(
    agency_id: SlugPath, wanted: AgencyIn, command: Keeper, version: IfMatchWhereKnown, response: Response
) -> AgencyOut:
    """Create or replace an agency. 201 if it is new."""
    agency, is_new = await directory.put_agency(command, agency_id, wanted, version)
    _put(response, agency.version, is_new=is_new)
    return AgencyOut.model_validate(agency)


@routes.get("/agencies", response_model=AgencyPage)
async def list_agencies(reading: Reading, caller: Reader, query: Annotated[PlacesQuery, Query()]) -> Response:
    """List agencies by identifier."""
    return await AGENCIES.page(reading, query)


@routes.get("/agencies/{agency_id}", response_model=AgencyOut, responses=responses(NotFound))
async def get_agency(agency_id: SlugPath, reading: Reading, caller: Reader) -> Response:
    """Get an agency. Its version is the ETag."""
    return await _one(AGENCIES, reading, agency_id)


@routes.put("/colleagues/{colleague_id}", responses=_put_responses(ColleagueOut))
async def put_colleague(
    colleague_id: ColleaguePath, wanted: ColleagueIn, command: Keeper, version: IfMatchWhereKnown, response: Response
) -> ColleagueOut:
    """Create or replace a colleague. 201 if they are new. To record that they leave, set `ends_on`."""
    colleague, is_new = await directory.put_colleague(command, colleague_id, wanted, version)
    _put(response, colleague.version, is_new=is_new)
    return ColleagueOut.model_validate(colleague)


class ColleaguesQuery(PageQuery):
    """The parameters of `list_colleagues`."""

    id: Several[str] = Field(None, description="Filter by identifier.")
    text: Omittable[str] = Field(None, min_length=2, max_length=100, description="Filter by part of the name.")
    position: Several[Position] = Field(None, description="Filter by position.")
    team_manager_id: Several[str] = Field(None, description="Filter by team manager.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    on: Omittable[Day] = Field(None, description="Only colleagues who are there on this day.")
    sort: str = sorted_by("id", "name")


@routes.get("/colleagues", response_model=ColleaguePage)
async def list_colleagues(reading: Reading, caller: Reader, query: Annotated[ColleaguesQuery, Query()]) -> Response:
    """List colleagues by identifier. Includes those who left, unless `on` is given."""
    return await COLLEAGUES.page(reading, query)


@routes.get("/colleagues/{colleague_id}", response_model=ColleagueOut, responses=responses(NotFound))
async def get_colleague(colleague_id: ColleaguePath, reading: Reading, caller: Reader) -> Response:
    """Get a colleague. Their version is the ETag."""
    return await _one(COLLEAGUES, reading, colleague_id)


@routes.post("/coverage", status_code=201, responses=responses(Invalid))
async def add_coverage(wanted: CoverageIn, command: Keeper, response: Response) -> CoverageOut:
    """Let an officer cover an agency, or a role or area of it. The most specific coverage applies."""
    coverage = await directory.add_coverage(command, wanted)
    response.headers.update({"ETag": etag(coverage.version), "Location": f"/v1/coverage/{coverage.id}"})
    return CoverageOut.model_validate(coverage)


class CoverageQuery(PageQuery):
    """The parameters of `list_coverage`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    colleague_id: Several[str] = Field(None, description="Filter by liaison officer.")
    agency_id: Several[str] = Field(None, description="Filter by agency.")
    on: Omittable[Day] = Field(None, description="Only coverage that applies on this day.")
    sort: str = sorted_by("id", "agency_id", "colleague_id")


@routes.get("/coverage", response_model=CoveragePage)
async def list_coverage(reading: Reading, caller: Reader, query: Annotated[CoverageQuery, Query()]) -> Response:
    """List coverage, oldest first."""
    return await COVERAGE.page(reading, query)


@routes.get("/coverage/check")
async def check_coverage(
    caller: Reader,
    process: ProcessDep,
    today: Today,
    on: Annotated[Omittable[Day], Query(description="The day. Today, if left out.")] = None,
) -> CoverageCheckOut:
    """Check coverage for gaps and overlaps: roles of agencies in an area with no officer, or several."""
    async with process.database.reading() as session:
        return await snapshot.check(session, on or today)


@routes.get("/coverage/{coverage_id}", response_model=CoverageOut, responses=responses(NotFound))
async def get_coverage(coverage_id: UUID, reading: Reading, caller: Reader) -> Response:
    """Get coverage. Its version is the ETag."""
    found = await COVERAGE.one(reading, id=coverage_id)
    if found is None:
        raise NotFound
    return found


@routes.put("/coverage/{coverage_id}", responses=responses(NotFound, Invalid, VersionStale, VersionMissing))
async def change_coverage(
    coverage_id: UUID, wanted: CoverageIn, command: Keeper, version: IfMatchWhereKnown, response: Response
) -> CoverageOut:
    """Change what an officer covers, or set its last day."""
    found = await command.session.get(Coverage, coverage_id, with_for_update=True)
    if found is None:
        raise NotFound
    await directory.change_coverage(command, found, wanted, version)
    response.headers["ETag"] = etag(found.version)
    return CoverageOut.model_validate(found)
