"""The parents of this service's tables and of what their answers share, and the kinds of their columns."""

from typing import Any

from sqlalchemy import ForeignKey, bindparam
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


class Shared(SQLModel):
    """The parent of fields that a table and its answers share; an answer always has all of them."""

    model_config = {"json_schema_serialization_defaults_required": True}


def of_child() -> Any:
    """A column for the child that a row is about."""
    return Column(sa_column_args=[ForeignKey("looked_after_child.person_id")])


def same(table: Any, *names: str) -> dict[str, Any]:
    """Filters of a list: each of these columns equals the parameter of the same name."""
    return {name: getattr(table, name) == bindparam(name) for name in names}
