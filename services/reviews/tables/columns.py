"""The parent of this service's tables, and the kinds of their columns."""

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field as Column

from chassis.db import Table, own_registry

TEXTS: Any = ARRAY(Text)


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


def texts() -> Any:
    """A column for a list of texts, empty at first."""
    return Column(default_factory=list, sa_type=TEXTS)


def records() -> Any:
    """A column for a list of small records, empty at first."""
    return Column(default_factory=list, sa_type=JSONB)


def of_child() -> Any:
    """A column for the child that a row is about."""
    return Column(sa_column_args=[ForeignKey("looked_after_child.person_id")])
