"""The parent of this service's tables, and the kinds of their columns."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlmodel import Field as Column

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


def of_child() -> Any:
    """A column for the child that a row is about."""
    return Column(sa_column_args=[ForeignKey("looked_after_child.person_id")])
