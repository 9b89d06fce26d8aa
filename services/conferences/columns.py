"""The parents of this service's tables, and filters by their columns."""

from typing import Any

from sqlalchemy import func, literal_column, select

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


def json_list(rows: Any, name: str) -> Any:
    """Selected rows as one JSON list, in their order, under a name."""
    listed = func.coalesce(func.json_agg(literal_column(f"row_to_json({name})")), literal_column("'[]'::json"))
    return select(listed).select_from(rows.lateral(name)).scalar_subquery().label(name)
