"""What other services read here, not routed by the gateway: names of the directory, for their papers."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from chassis.access.callers import Role, may
from chassis.base.fields import ColleagueId, Slug
from chassis.db.database import Reading
from chassis.web.routes import Routes

routes = Routes(prefix="/internal", tags=["directory"], dependencies=[may(Role.SERVICE)])
MOST = 200
NAMED = """
    SELECT 'colleague' AS kind, id, name FROM colleague WHERE id = ANY($1)
    UNION ALL SELECT 'agency', id, name FROM agency WHERE id = ANY($2)
"""


class NamedEntryOut(BaseModel):
    """A colleague or an agency by name."""

    kind: Literal["colleague", "agency"]
    id: str
    name: str


@routes.get("/directory-names")
async def list_directory_names(
    reading: Reading,
    colleague_id: Annotated[list[ColleagueId] | None, Query(max_length=MOST, description="These colleagues.")] = None,
    agency_id: Annotated[list[Slug] | None, Query(max_length=MOST, description="These agencies.")] = None,
) -> list[NamedEntryOut]:
    """List the names of colleagues and agencies by their identifiers; who left has a name still."""
    rows = await reading.rows(NAMED, colleague_id or [], agency_id or [])
    return [NamedEntryOut(**row) for row in rows]
