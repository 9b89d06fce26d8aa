"""How migrations write down columns; what is here stays as it is, since migrations that were run say what they said."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

MOMENT = sa.DateTime(timezone=True)
TEXTS = postgresql.ARRAY(sa.Text())
RECORDS = postgresql.JSONB()


def required(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that are always filled."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that may be empty."""
    return [sa.Column(name, kind) for name in names]


def identifier() -> sa.Column[Any]:
    """The primary key."""
    return sa.Column("id", sa.Uuid(), primary_key=True)


def owned_by(name: str, column: str, kind: Any) -> sa.Column[Any]:
    """The row of another table to which a row belongs, as `table.column`."""
    return sa.Column(name, kind, sa.ForeignKey(column), nullable=False)
