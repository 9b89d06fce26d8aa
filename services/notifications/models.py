"""The parents of what this service keeps; each room has its own tables."""

from pydantic import ConfigDict
from sqlmodel import SQLModel

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


class Shared(SQLModel):
    """The parent of fields that a table and an answer share; an answer always has each of them, or null."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)  # type: ignore[assignment]
