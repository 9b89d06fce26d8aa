"""What other services read here, not routed by the gateway: names of the directory, for papers and pages."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from chassis.access.callers import Role, may
from chassis.base.clock import Today
from chassis.base.fields import ColleagueId, Slug
from chassis.db.database import Reading
from chassis.web.routes import Routes

routes = Routes(prefix="/internal", tags=["directory"], dependencies=[may(Role.SERVICE)])
MOST = 200
NAMED = """
    SELECT 'colleague' AS kind, id, name, CASE WHEN is_there THEN telephone END AS telephone,
        CASE WHEN is_there THEN email END AS email
    FROM (SELECT *, coalesce(ends_on >= $3, true) AS is_there FROM colleague) AS colleague WHERE id = ANY($1)
    UNION ALL SELECT 'agency', id, name, NULL, NULL FROM agency WHERE id = ANY($2)
    UNION ALL SELECT 'area', id, name, NULL, NULL FROM area WHERE id = ANY($4)
"""


class NamedEntryOut(BaseModel):
    """A colleague, an agency or an area by name, and how to reach a colleague."""

    kind: Literal["colleague", "agency", "area"]
    id: str
    name: str
    telephone: str | None
    email: str | None


@routes.get("/directory-names")
async def list_directory_names(
    reading: Reading,
    today: Today,
    colleague_id: Annotated[list[ColleagueId] | None, Query(max_length=MOST, description="These colleagues.")] = None,
    agency_id: Annotated[list[Slug] | None, Query(max_length=MOST, description="These agencies.")] = None,
    area_id: Annotated[list[Slug] | None, Query(max_length=MOST, description="These areas.")] = None,
) -> list[NamedEntryOut]:
    """List colleagues, agencies and areas by name. Colleagues who left have a name still, and cannot be reached."""
    rows = await reading.rows(NAMED, colleague_id or [], agency_id or [], today, area_id or [])
    return [NamedEntryOut(**row) for row in rows]
