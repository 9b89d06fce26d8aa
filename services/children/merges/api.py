"""Merges of person numbers, and undoing them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.command import Command, commanded_by
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from services.children.children.api import Person, Reader
from services.children.merges import actions as merging
from services.children.merges.queries import MERGES
from services.children.merges.schemas import MergeIn, MergeOut, MergePage
from services.children.roles import MANAGERS

routes = Routes(prefix="/v1", tags=["children"])
Manager = Annotated[Command, commanded_by(*MANAGERS)]


@routes.post(
    "/children/{person_id}/merge", status_code=201, responses=responses(NotFound, Invalid, merging.NotToBeMerged)
)
async def merge_child(person_id: Person, wanted: MergeIn, command: Manager) -> MergeOut:
    """Merge this person number into another number of the same child. This can be undone.

    Reviews, conferences and escalations move their records to the number that is kept within a second or so. Both
    numbers are restricted if one of them was.
    """
    return MergeOut.model_validate(await merging.merge_child(command, person_id, wanted))


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
    """Undo a merge: everything that was moved returns to its earlier number. Both stay as restricted as they are."""
    return MergeOut.model_validate(await merging.undo_merge(command, merge_id))
