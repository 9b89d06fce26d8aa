"""Looked-after children: registered by the case-management system, looked up, followed through time."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.events.directory_replica import ReplicaEntry
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.reviews.children import actions as children
from services.reviews.children import merging
from services.reviews.children.cases import Case
from services.reviews.children.models import LookedAfterChild
from services.reviews.children.queries import CHILDREN, MERGES, PROTECTION_PLAN, WHOLE_CHILD
from services.reviews.children.schemas import (
    LookedAfterChildIn,
    LookedAfterChildPage,
    MergeIn,
    MergeOut,
    MergePage,
    PeriodOfCareOut,
    WholeChildOut,
)
from services.reviews.endpoints import Manager, Person, Reader
from services.reviews.roles import CASE_MANAGEMENT
from services.reviews.rules.vocabulary import LegalStatus

routes = Routes(prefix="/v1", tags=["children"])
CaseManagement = Annotated[Command, commanded_by(*CASE_MANAGEMENT)]


async def child_out(command: Command, case: Case, response: Response) -> WholeChildOut:
    """A child with their periods of care, and the version as ETag."""
    response.headers["ETag"] = etag(case.child.version)
    plan = await command.session.get(ReplicaEntry, (PROTECTION_PLAN, case.child.person_id))
    return WholeChildOut(
        **{
            name: getattr(case.child, name)
            for name in WholeChildOut.model_fields.keys() & LookedAfterChild.model_fields
        },
        protection_plan_since=plan.attributes["protection_plan_since"] if plan else None,
        periods_of_care=[PeriodOfCareOut.model_validate(period) for period in case.periods],
    )


@routes.put(
    "/looked-after-children/{person_id}",
    responses=responses(NotFound, Invalid, VersionStale, VersionMissing) | {201: {"model": WholeChildOut}},
)
async def put_looked_after_child(
    person_id: Person,
    wanted: LookedAfterChildIn,
    command: CaseManagement,
    version: IfMatchWhereKnown,
    response: Response,
) -> WholeChildOut:
    """Register a child, or replace the whole record with what the case-management system holds.

    Leave out If-Match for a new child. Sending the same record again changes nothing. Due dates that follow from a new
    period of care, a secure placement or an adoption are set at once.
    """
    case, is_new = await children.put_looked_after_child(command, person_id, version, wanted)
    response.status_code = 201 if is_new else 200
    return await child_out(command, case, response)


class LookedAfterChildrenQuery(PageQuery):
    """The parameters of `list_looked_after_children`."""

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


@routes.get("/looked-after-children", response_model=LookedAfterChildPage)
async def list_looked_after_children(reader: Reader, query: Annotated[LookedAfterChildrenQuery, Query()]) -> Response:
    """List children by person number. Only their chair and managers see restricted records."""
    return await reader.page(CHILDREN, query)


@routes.get("/looked-after-children/{person_id}", response_model=WholeChildOut, responses=responses(NotFound))
async def get_looked_after_child(person_id: Person, reader: Reader) -> Response:
    """Get a child with their periods of care, and the version as ETag."""
    return await reader.one(WHOLE_CHILD, person_id=person_id)


@routes.post(
    "/looked-after-children/{person_id}/merge", status_code=201, responses=responses(Invalid, merging.NotToBeMerged)
)
async def merge_looked_after_child(person_id: Person, wanted: MergeIn, command: Manager) -> MergeOut:
    """Merge this person number into another number of the same child. This can be undone."""
    return MergeOut.model_validate(await merging.merge_looked_after_child(command, person_id, wanted))


class PersonMergesQuery(PageQuery):
    """The parameters of `list_person_merges`."""

    person_id: Several[str] = Field(None, description="Filter by the number that was kept.")
    sort: str = sorted_by("-id")


@routes.get("/person-merges", response_model=MergePage)
async def list_person_merges(reader: Reader, query: Annotated[PersonMergesQuery, Query()]) -> Response:
    """List merges of person numbers, newest first."""
    return await reader.page(MERGES, query)


@routes.post("/person-merges/{merge_id}/undo", responses=responses(NotFound, merging.MergeUndone))
async def undo_merge(merge_id: UUID, command: Manager) -> MergeOut:
    """Undo a merge: everything that was moved returns to its earlier number."""
    return MergeOut.model_validate(await merging.undo_merge(command, merge_id))
