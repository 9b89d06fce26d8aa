"""Lists of the directory, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Date, Text, bindparam, func, select
from sqlmodel import col, or_

from chassis.access.visibility import columns
from chassis.db.columns import equal, holding
from chassis.web.pagination import JsonRows
from services.notifications.directory.models import Agency, Area, Colleague, Coverage

ON = bindparam("on", type_=Date)


def _is_there(table: Any) -> Any:
    """The condition that a row is valid on the day asked for."""
    return (table.starts_on <= ON) & or_(table.ends_on.is_(None), table.ends_on >= ON)


def named(table: Any) -> dict[str, Any]:
    """The filter `text` by a part of the name, in capitals or not."""
    return {"text": func.strpos(func.lower(table.name), func.lower(bindparam("text", type_=Text))) > 0}


AREAS = JsonRows(select(*columns(Area)), filters=equal(Area, "id") | named(Area), order=[col(Area.id)])
AGENCIES = JsonRows(select(*columns(Agency)), filters=equal(Agency, "id") | named(Agency), order=[col(Agency.id)])
COLLEAGUES = JsonRows(
    select(*columns(Colleague)),
    filters=equal(Colleague, "id", "team_manager_id", "area_id")
    | holding(Colleague.positions, "position")
    | named(Colleague)
    | {"on": _is_there(Colleague)},
    order=[col(Colleague.id)],
)
COVERAGE = JsonRows(
    select(*columns(Coverage)),
    filters=equal(Coverage, "id", "colleague_id", "agency_id") | {"on": _is_there(Coverage)},
    order=[col(Coverage.id)],
)
