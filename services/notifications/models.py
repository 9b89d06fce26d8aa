"""The parents of what this service keeps; each room has its own tables."""

from pydantic import ConfigDict
from sqlmodel import SQLModel

from chassis.children.merging import MovedByMergeColumns
from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


class Shared(SQLModel):
    """The parent of fields that a table and an answer share; an answer always has each of them, or null."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)  # type: ignore[assignment]


class MovedByMerge(MovedByMergeColumns, Base, table=True):
    """What a merge of two numbers of one child moved here."""
