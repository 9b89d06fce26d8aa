"""Coverage: which liaison officer receives the escalations of which agency, role and area, from when to when."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.process import ProcessDep
from chassis.web.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.web.pagination import PageQuery
from chassis.web.versions import IfMatch, check_version, etag
from services.notifications.directory import actions as directory
from services.notifications.directory import coverage as queries
from services.notifications.directory.schemas import CoverageCheckOut, CoverageIn, CoverageOut, CoveragePage
from services.notifications.messages.queries import COVERAGE
from services.notifications.models import Coverage
from services.notifications.roles import EVERYBODY, KEEPERS

routes = APIRouter(prefix="/v1/coverage", tags=["directory"])

Reader = Annotated[Caller, may(*EVERYBODY)]
Keeper = Annotated[Command, commanded_by(*KEEPERS)]


@routes.post("", status_code=201, response_model=CoverageOut, responses=responses(Invalid, IdempotencyKeyReused))
async def add_coverage(wanted: CoverageIn, command: Keeper, key: IdempotencyKey) -> Response:
    """Have an officer cover an agency, or one role or area of it. The more it names, the more it counts."""
    coverage = await directory.add_coverage(command, wanted)
    headers = {"ETag": etag(coverage.version), "Location": f"/v1/coverage/{coverage.id}"}
    return await key.remember(CoverageOut.model_validate(coverage, from_attributes=True), headers=headers)


class CoverageQuery(PageQuery):
    """The parameters of `list_coverage`."""

    colleague_id: Omittable[str] = Field(None, description="Only this officer's.")
    agency_id: Omittable[str] = Field(None, description="Only of this agency.")
    on: Omittable[Day] = Field(None, description="Only what applies on this day.")


@routes.get("", response_model=CoveragePage)
async def list_coverage(reading: Reading, caller: Reader, query: Annotated[CoverageQuery, Query()]) -> Response:
    """Who covers what, oldest entry first."""
    return await COVERAGE.page(reading, query)


@routes.get("/check")
async def check_coverage(
    caller: Reader,
    process: ProcessDep,
    today: Today,
    on: Annotated[Omittable[Day], Query(description="The day; today, if left out.")] = None,
) -> CoverageCheckOut:
    """What coverage leaves open: roles of agencies that nobody covers in an area, or several officers equally."""
    async with process.database.reading() as session:
        return await queries.check(session, on or today)


@routes.get("/{coverage_id}", response_model=CoverageOut, responses=responses(NotFound))
async def get_coverage(coverage_id: UUID, reading: Reading, caller: Reader) -> Response:
    """One entry of coverage, with its version as ETag."""
    found = await COVERAGE.one(reading, id=coverage_id)
    if found is None:
        raise NotFound
    return found


@routes.put("/{coverage_id}", responses=responses(NotFound, Invalid, VersionStale, VersionMissing))
async def change_coverage(
    coverage_id: UUID, wanted: CoverageIn, command: Keeper, version: IfMatch, response: Response
) -> CoverageOut:
    """Change what an officer covers, or end it by a date."""
    found = await command.session.get(Coverage, coverage_id, with_for_update=True)
    if found is None:
        raise NotFound
    check_version(found, version)
    await directory.change_coverage(command, found, wanted)
    response.headers["ETag"] = etag(found.version)
    return CoverageOut.model_validate(found, from_attributes=True)
