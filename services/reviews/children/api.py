"""Children's care: sent by the case-management system, looked up, followed through time."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.children.replica import ChildNotSent
from chassis.command import Command, commanded_by
from chassis.events.directory_replica import ReplicaEntry
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.reviews.children import actions as children
from services.reviews.children.cases import Case
from services.reviews.children.queries import CHILDREN, IDENTITY_SHOWN, MERGES, PROTECTION_PLAN, WHOLE_CHILD
from services.reviews.children.schemas import CareIn, CareMergePage, CarePage, PeriodOfCareOut, WholeCareOut
from services.reviews.endpoints import Person, Reader
from services.reviews.roles import CASE_MANAGEMENT
from services.reviews.rules.vocabulary import LegalStatus

routes = Routes(prefix="/v1", tags=["children"])
CaseManagement = Annotated[Command, commanded_by(*CASE_MANAGEMENT)]


async def child_out(command: Command, case: Case, response: Response) -> WholeCareOut:
    """A child's care with its periods, and the version as ETag."""
    response.headers["ETag"] = etag(case.child.version)
    plan = await command.session.get(ReplicaEntry, (PROTECTION_PLAN, case.person_id))
    return WholeCareOut(
        **{name: getattr(case.identity, name) for name in IDENTITY_SHOWN},
        **case.child.model_dump(),
        protection_plan_since=plan.attributes["protection_plan_since"] if plan else None,
        periods_of_care=[PeriodOfCareOut.model_validate(period) for period in case.periods],
    )


@routes.put(
    "/children/{person_id}/care",
    responses=responses(ChildNotSent, Unavailable, Invalid, VersionStale, VersionMissing)
    | {201: {"model": WholeCareOut}},
)
async def put_care(
    person_id: Person,
    wanted: CareIn,
    command: CaseManagement,
    version: IfMatchWhereKnown,
    response: Response,
) -> WholeCareOut:
    """Send a child's care, or replace the whole of it with what the case-management system holds.

    Send the child first. Leave out If-Match the first time. Sending the same again changes nothing. Due dates that
    follow from a new period of care, a secure placement or an adoption are set at once.
    """
    case, is_new = await children.put_care(command, person_id, version, wanted)
    response.status_code = 201 if is_new else 200
    return await child_out(command, case, response)


class CareQuery(PageQuery):
    """The parameters of `list_care`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    chair_id: Several[str] = Field(None, description="Filter by chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    legal_status: Several[LegalStatus] = Field(None, description="Filter by current legal status.")
    looked_after: Omittable[bool] = Field(None, description="Filter by whether the child is looked after now.")
    unallocated: Omittable[bool] = Field(None, description="Filter by whether the child is without a chair.")
    on_protection_plan: Omittable[bool] = Field(
        None, description="Filter by whether the child is on a child protection plan."
    )
    secure: Omittable[bool] = Field(None, description="Filter by whether the child is in secure accommodation.")
    sort: str = sorted_by("person_id", "chair_id", "looked_after_since")


@routes.get("/care", response_model=CarePage)
async def list_care(reader: Reader, query: Annotated[CareQuery, Query()]) -> Response:
    """List children who are or were looked after, by person number."""
    return await reader.page(CHILDREN, query)


@routes.get("/children/{person_id}/care", response_model=WholeCareOut, responses=responses(NotFound))
async def get_care(person_id: Person, reader: Reader) -> Response:
    """Get a child's care with its periods, and the version as ETag."""
    return await reader.one(WHOLE_CHILD, person_id=person_id)


class CareMergesQuery(PageQuery):
    """The parameters of `list_care_merges`."""

    person_id: Several[str] = Field(None, description="Filter by the number that was kept.")
    left_behind: Omittable[bool] = Field(None, description="Filter by whether something could not be moved.")
    sort: str = sorted_by("-id")


@routes.get("/care/merges", response_model=CareMergePage)
async def list_care_merges(reader: Reader, query: Annotated[CareMergesQuery, Query()]) -> Response:
    """List merges of person numbers as reviews followed them, newest first, with what could not be moved by rule.

    A period of care that overlaps one of the other number stays where it was: send the right periods of care.
    """
    return await reader.page(MERGES, query)
