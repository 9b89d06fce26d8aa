"""Kinds of columns that tables of several services have."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field as Column

TEXTS: Any = ARRAY(Text)


def texts() -> Any:
    """A column for a list of texts, empty at first."""
    return Column(default_factory=list, sa_type=TEXTS)


def records() -> Any:
    """A column for a list of small records, empty at first."""
    return Column(default_factory=list, sa_type=JSONB)
