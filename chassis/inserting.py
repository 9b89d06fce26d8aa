"""Rows of several tables inserted by one statement: one round trip, however many rows and tables.

Making, tracking and flushing an object for each row takes longer than all that PostgreSQL does with them. A record
holds a row's columns by name; what is left out is null, not the column's default.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

Record = dict[str, Any]


async def insert_together(session: AsyncSession, records: Mapping[Any, Sequence[Record]]) -> None:
    """Insert records by table, in the session's transaction; they may refer to each other."""
    tables = tuple(str(table.__table__.fullname) for table, rows in records.items() if rows)
    values = [json.dumps(rows, default=str) for rows in records.values() if rows]
    connection = await session.connection()
    await connection.execute(_statement(tables), {f"rows_{number}": value for number, value in enumerate(values)})


@cache
def _statement(tables: tuple[str, ...]) -> TextClause:
    """The statement for these tables; their names are the program's own."""
    parts = [
        f"part_{number} AS (INSERT INTO {table} "
        f"SELECT * FROM json_populate_recordset(NULL::{table}, CAST(:rows_{number} AS json)))"
        for number, table in enumerate(tables)
    ]
    return text(f"WITH {', '.join(parts)} SELECT 1")
