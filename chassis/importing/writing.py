"""Records of an import: the columns of rows, by table, written by COPY."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

RECORDS_AT_ONCE = 500
Model = TypeVar("Model")
# A row as COPY takes it: its columns by name.
Record = dict[str, Any]


class Records:
    """Records that wait to be written, by table in the order in which they are written, and how many there were."""

    def __init__(self, *tables: type[Any]) -> None:
        self.waiting: dict[Any, list[Record]] = {table: [] for table in tables}
        self.counts: Counter[Any] = Counter()

    def add(self, table: type[Any], rows: Iterable[Any]) -> None:
        """Add rows of a table: objects, or records whose JSON is text already."""
        self.waiting[table] += [row if isinstance(row, dict) else columns_of(row) for row in rows]

    def of(self, table: type[Any], column: str) -> list[Any]:
        """What the records of a table that wait have in a column."""
        return [record[column] for record in self.waiting[table]]

    async def write(self, session: AsyncSession, *, in_vain: bool = False) -> None:
        """Write what waits, or only count it where nothing will be kept."""
        for table, rows in self.waiting.items():
            if not in_vain:
                await copy_rows(session, table, rows)
            self.counts[table] += len(rows)
            rows.clear()


def lots(items: Sequence[Model], size: int = RECORDS_AT_ONCE) -> Iterator[Sequence[Model]]:
    """Some hundred at a time."""
    return (items[begin : begin + size] for begin in range(0, len(items), size))


async def copy_rows(session: AsyncSession, table: Any, rows: Sequence[Record]) -> None:
    """Write records into a table by COPY, in the session's transaction; a column that a record leaves out is null.

    Some hundred at a time: a COPY holds up everything else until all its records are encoded.
    """
    connection = await session.connection()
    # SQLAlchemy opens the transaction with the first statement that it sees, and it does not see the COPY.
    await connection.exec_driver_sql("SELECT 1")
    driver = cast("Any", (await connection.get_raw_connection()).driver_connection)
    names = [column.name for column in table.__table__.c]
    for several in lots(rows):
        values = ([row.get(name) for name in names] for row in several)
        await driver.copy_records_to_table(
            table.__tablename__, records=values, columns=names, schema_name=table.__table__.schema
        )


def plain(table: type[Model], **values: Any) -> Model:
    """A row to be written by COPY, with only what columns say: what is left out is null, not the column's default.

    Making an object that follows its changes takes longer than all else in an import of many rows.
    """
    kept = cast("Any", table).__table__
    row = SimpleNamespace(**dict.fromkeys(_columns(kept)), __table__=kept)
    row.__dict__.update(values)
    return cast("Model", row)


def columns_of(row: Any) -> Record:
    """The columns of a row, by name and as COPY takes them: JSON as text."""
    return {
        name: json.dumps(getattr(row, name)) if is_json else getattr(row, name)
        for name, is_json in _columns(row.__table__).items()
    }


@cache
def _columns(table: Table) -> Mapping[str, bool]:
    """The names of a table's columns, and whether each is JSON."""
    return {column.name: isinstance(column.type, JSONB) for column in table.c}
