"""Rows that were made as objects, as COPY takes them."""

import json
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB

from chassis.inserting import Record


def columns_of(row: Any) -> Record:
    """A row's columns by name, JSON as text."""
    return {
        column.name: json.dumps(value) if isinstance(column.type, JSONB) else value
        for column in row.__table__.c
        for value in [getattr(row, column.name)]
    }
