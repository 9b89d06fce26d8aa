"""What services disagree about of children, for a person to settle."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from services.children.conflicts.queries import CONFLICTS
from services.children.conflicts.schemas import ChildConflictPage
from services.children.roles import SETTLERS

routes = Routes(prefix="/v1", tags=["children"])


class ChildConflictsQuery(PageQuery):
    """The parameters of `list_child_conflicts`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    field: Several[str] = Field(None, description="Filter by field of the record.")
    source: Several[str] = Field(None, description="Filter by the service that says something else.")
    settled: Omittable[bool] = Field(None, description="Filter by whether it is settled.")
    sort: str = sorted_by("-id")


@routes.get("/child-conflicts", response_model=ChildConflictPage)
async def list_child_conflicts(
    reader: Annotated[RecordReader, read_by(*SETTLERS)], query: Annotated[ChildConflictsQuery, Query()]
) -> Response:
    """List what other services say of children that their records do not, newest first.

    PUT the child with what is right: that settles it.
    """
    return await reader.page(CONFLICTS, query)
