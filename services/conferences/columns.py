"""The parents of this service's tables, and filters by their columns."""

from typing import Any

from sqlalchemy import Date, bindparam, func, literal_column, not_, select

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


def between(column: Any, name: str) -> dict[str, Any]:
    """Filters by a day: from the one given under `<name>_from` on, until that of `<name>_to`."""
    return {
        f"{name}_from": column >= bindparam(f"{name}_from", type_=Date),
        f"{name}_to": column <= bindparam(f"{name}_to", type_=Date),
    }


def whether(name: str, condition: Any) -> dict[str, Any]:
    """Filters `is_<name>` and `is_not_<name>` by a condition that is never null."""
    return {f"is_{name}": condition, f"is_not_{name}": not_(condition)}


def json_list(rows: Any, name: str) -> Any:
    """Selected rows as one JSON list, in their order, under a name."""
    listed = func.coalesce(func.json_agg(literal_column(f"row_to_json({name})")), literal_column("'[]'::json"))
    return select(listed).select_from(rows.lateral(name)).scalar_subquery().label(name)
