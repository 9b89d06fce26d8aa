"""Colleagues, agencies and areas: each is put to its natural place and found there."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from chassis.access.callers import Caller, may
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.pagination import JsonRows, PageQuery, Paging
from chassis.web.versions import IfMatchWhereKnown, etag
from services.notifications.directory import actions as directory
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
)
from services.notifications.messages.queries import AGENCIES, AREAS, COLLEAGUES
from services.notifications.roles import EVERYBODY, KEEPERS
from services.notifications.rules import Position

routes = APIRouter(prefix="/v1", tags=["directory"])

Reader = Annotated[Caller, may(*EVERYBODY)]
Keeper = Annotated[Command, commanded_by(*KEEPERS)]
SlugPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
ColleaguePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$", description="The token's subject.")]


def _put_responses(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    return {201: {"model": model, "description": "It is new."}} | responses(Invalid, VersionStale, VersionMissing)


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
    """Create an area, or replace what is known of it; 201 if it is new."""
    area, is_new = await directory.put_area(command, area_id, wanted, version)
    _put(response, area.version, is_new=is_new)
    return AreaOut.model_validate(area, from_attributes=True)


@routes.get("/areas", response_model=AreaPage)
async def list_areas(reading: Reading, caller: Reader, query: Paging) -> Response:
    """The areas, by identifier."""
    return await AREAS.page(reading, query)


@routes.get("/areas/{area_id}", response_model=AreaOut, responses=responses(NotFound))
async def get_area(area_id: SlugPath, reading: Reading, caller: Reader) -> Response:
    """One area, with its version as ETag."""
    return await _one(AREAS, reading, area_id)


@routes.put("/agencies/{agency_id}", responses=_put_responses(AgencyOut))
async def put_agency(
    agency_id: SlugPath, wanted: AgencyIn, command: Keeper, version: IfMatchWhereKnown, response: Response
) -> AgencyOut:
    """Create an agency, or replace what is known of it; 201 if it is new."""
    agency, is_new = await directory.put_agency(command, agency_id, wanted, version)
    _put(response, agency.version, is_new=is_new)
    return AgencyOut.model_validate(agency, from_attributes=True)


@routes.get("/agencies", response_model=AgencyPage)
async def list_agencies(reading: Reading, caller: Reader, query: Paging) -> Response:
    """The agencies, by identifier."""
    return await AGENCIES.page(reading, query)


@routes.get("/agencies/{agency_id}", response_model=AgencyOut, responses=responses(NotFound))
async def get_agency(agency_id: SlugPath, reading: Reading, caller: Reader) -> Response:
    """One agency, with its version as ETag."""
    return await _one(AGENCIES, reading, agency_id)


@routes.put("/colleagues/{colleague_id}", responses=_put_responses(ColleagueOut))
async def put_colleague(
    colleague_id: ColleaguePath, wanted: ColleagueIn, command: Keeper, version: IfMatchWhereKnown, response: Response
) -> ColleagueOut:
    """Create a colleague, or replace what is known of them; 201 if they are new. Leaving is a date, `ends_on`."""
    colleague, is_new = await directory.put_colleague(command, colleague_id, wanted, version)
    _put(response, colleague.version, is_new=is_new)
    return ColleagueOut.model_validate(colleague, from_attributes=True)


class ColleaguesQuery(PageQuery):
    """The parameters of `list_colleagues`."""

    position: Omittable[Position] = Field(None, description="Only in this position.")
    team_manager_id: Omittable[str] = Field(None, description="Only in this manager's team.")
    area_id: Omittable[str] = Field(None, description="Only in this area.")
    on: Omittable[Day] = Field(None, description="Only who is there on this day.")


@routes.get("/colleagues", response_model=ColleaguePage)
async def list_colleagues(reading: Reading, caller: Reader, query: Annotated[ColleaguesQuery, Query()]) -> Response:
    """The colleagues, by identifier; those who left as well, unless `on` is given."""
    return await COLLEAGUES.page(reading, query)


@routes.get("/colleagues/{colleague_id}", response_model=ColleagueOut, responses=responses(NotFound))
async def get_colleague(colleague_id: ColleaguePath, reading: Reading, caller: Reader) -> Response:
    """One colleague, with their version as ETag."""
    return await _one(COLLEAGUES, reading, colleague_id)
