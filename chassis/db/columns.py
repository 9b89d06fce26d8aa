"""Kinds of columns that tables of several services have."""

from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlmodel import Field as Column

TEXTS: Any = ARRAY(Text)


def _empty() -> list[Any]:
    # SQLModel reads the signature of whatever makes a default, for each new row. That of `list` is kept as text, and
    # takes a tenth of a millisecond to read.
    return []


def texts() -> Any:
    """A column for a list of texts, empty at first."""
    return Column(default_factory=_empty, sa_type=TEXTS)


def records() -> Any:
    """A column for a list of small records, empty at first."""
    return Column(default_factory=_empty, sa_type=JSONB)


def holds(column: Any, parameter: str) -> ColumnElement[bool]:
    """The condition that the value of a parameter is one of a column's texts; an index serves it."""
    found: ColumnElement[bool] = column.contains(cast(array([bindparam(parameter)]), TEXTS))
    return found
