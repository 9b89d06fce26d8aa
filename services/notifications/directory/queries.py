"""Lists of the directory, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Date, Text, bindparam, select, type_coerce
from sqlmodel import col, or_

from chassis.access.visibility import columns
from chassis.db.columns import holds
from chassis.web.pagination import JsonRows
from services.notifications.directory.models import Agency, Area, Colleague, Coverage


def _text(column: Any) -> Any:
    """A sort key of text: SQLModel's own type does not say that its values are text, which a cursor has to know."""
    return type_coerce(column, Text)


ON = bindparam("on", type_=Date)

AREAS = JsonRows(select(*columns(Area)), filters={"id": col(Area.id) == bindparam("id")}, order=[_text(col(Area.id))])
AGENCIES = JsonRows(
    select(*columns(Agency)), filters={"id": col(Agency.id) == bindparam("id")}, order=[_text(col(Agency.id))]
)
COLLEAGUES = JsonRows(
    select(*columns(Colleague)),
    filters={
        "id": col(Colleague.id) == bindparam("id"),
        "position": holds(Colleague.positions, "position"),
        "team_manager_id": col(Colleague.team_manager_id) == bindparam("team_manager_id"),
        "area_id": col(Colleague.area_id) == bindparam("area_id"),
        "on": (col(Colleague.starts_on) <= ON) & or_(col(Colleague.ends_on).is_(None), col(Colleague.ends_on) >= ON),
    },
    order=[_text(col(Colleague.id))],
)
COVERAGE = JsonRows(
    select(*columns(Coverage)),
    filters={
        "id": col(Coverage.id) == bindparam("id"),
        "colleague_id": col(Coverage.colleague_id) == bindparam("colleague_id"),
        "agency_id": col(Coverage.agency_id) == bindparam("agency_id"),
        "on": (col(Coverage.starts_on) <= ON) & or_(col(Coverage.ends_on).is_(None), col(Coverage.ends_on) >= ON),
    },
    order=[col(Coverage.id)],
)
