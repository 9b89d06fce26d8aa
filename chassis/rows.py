"""Rows that are read and written without the mapper: one statement reads those of several tables, one writes them.

For whatever concerns many rows at once, such as a meeting with all that is known of its children. The mapper takes
longer to read them, to follow what changes in them and to write that than PostgreSQL takes for all of it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

import asyncpg
from pydantic_core import to_json
from sqlalchemy import ColumnElement, Select, func
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.statements import Compiled

Record = dict[str, Any]
T = TypeVar("T")
# What a session knows of them, and what a row knows besides its columns.
_ROWS, _DRIVER = "rows", "driver"
_SHAPE, _BEFORE = " shape", " before"


class Row:
    """A row as it was read, with its columns as attributes."""

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self.__dict__.update(zip(names, values, strict=True))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name} would not be written: this row is only read.")


class ChangingRow(Row):
    """A row that may be set: what is set on it is written with its transaction.

    Values are set, never altered in place: a list is replaced by another one.
    """

    def __init__(self, shape: "Shape[Any]", values: Sequence[Any]) -> None:
        super().__init__(shape.names, values)
        self.__dict__.update({_SHAPE: shape, _BEFORE: {}})

    def __setattr__(self, name: str, value: Any) -> None:
        now, before = self.__dict__, self.__dict__[_BEFORE]
        earlier = before.setdefault(name, now[name])
        now[name] = value
        if value == earlier:
            del before[name]

    @property
    def shape(self) -> "Shape[Any]":
        """What kind of row it is."""
        shape: Shape[Any] = self.__dict__[_SHAPE]
        return shape

    def changes(self) -> Collection[str]:
        """The columns that say something else than they did when it was read or written."""
        changes: dict[str, Any] = self.__dict__[_BEFORE]
        return changes

    def written(self, names: Sequence[str]) -> Record:
        """Its key and these columns, as they are written now."""
        self.__dict__[_BEFORE].clear()
        return {name: self.__dict__[name] for name in (self.shape.key, *names)}


class Shape(Generic[T]):
    """How the rows of a table are read: `columns` are what a statement selects, in the order in which `row` takes them.

    A row reads and is set like an object of the table's class, and is typed as one.
    """

    def __init__(self, table: type[T]) -> None:
        self.table = cast("Any", table).__table__
        self.columns: list[ColumnElement[Any]] = list(self.table.c)
        self.names = tuple(column.name for column in self.table.c)
        self.key = _key(self.table)

    def row(self, values: Sequence[Any]) -> T:
        """A row of what the driver answered, to be read alone."""
        return cast("T", Row(self.names, values))

    def changing(self, session: AsyncSession, values: Sequence[Any]) -> T:
        """A row of what the driver answered; what is set on it is written with the session's transaction."""
        row = ChangingRow(self, values)
        session.info.setdefault(_ROWS, []).append(row)
        return cast("T", row)


def gathered(wanted: Select[Any]) -> ColumnElement[Any]:
    """All rows of a selection as one value, a list of tuples: so one statement reads several tables."""
    columns = list(wanted.selected_columns)
    return func.array(wanted.with_only_columns(func.row(*columns), maintain_column_froms=True).scalar_subquery())


async def driver_connection(session: AsyncSession) -> asyncpg.Connection:
    """The bare driver's connection under a session, within the session's transaction."""
    known: asyncpg.Connection | None = session.info.get(_DRIVER)
    if known is not None:
        return known
    connection = await session.connection()
    bare = (await connection.get_raw_connection()).driver_connection
    # A transaction begins with the first statement that goes through the session: without one, each would stand alone.
    await connection.exec_driver_sql("SELECT")
    session.info[_DRIVER] = bare
    return bare


async def read(session: AsyncSession, statement: Compiled, given: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement in the session's transaction, as tuples; what the mapper holds is written before."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    found: list[Any] = await (await driver_connection(session)).fetch(statement.text, *statement.values(given))
    return found


async def write(
    session: AsyncSession,
    added: Mapping[Any, Sequence[Record]] | None = None,
    gone: Mapping[Any, Sequence[Any]] | None = None,
) -> None:
    """Write what was set on rows of this transaction, and with the same statement add records and delete by key.

    A record holds a row's columns by name; what is left out is null, not the column's default. Records may refer to
    each other.
    """
    parts: list[Part] = []
    values: list[Any] = []
    for table, records in (added or {}).items():
        if records:
            parts.append((_INSERT, str(table.__table__.fullname), ()))
            values.append(to_json(records).decode())
    for shape, rows in _changed(session).items():
        names = tuple(sorted({name for row in rows for name in row.changes()}))
        parts.append((_UPDATE, str(shape.table.fullname), (shape.key, *names)))
        values.append(to_json([row.written(names) for row in rows]).decode())
    for table, keys in (gone or {}).items():
        if keys:
            parts.append((_DELETE, str(table.__table__.fullname), (_key(table.__table__),)))
            values.append(keys)
    if parts:
        await (await driver_connection(session)).fetch(_statement(tuple(parts)), *values)


def _changed(session: AsyncSession) -> dict[Shape[Any], list[ChangingRow]]:
    """The rows of a session on which something was set since they were read or written."""
    found: defaultdict[Shape[Any], list[ChangingRow]] = defaultdict(list)
    for row in session.info.get(_ROWS, ()):
        if row.changes():
            found[row.shape].append(row)
    return found


# The form of a part of a statement, the table that it is about, and the columns: the key first.
Part = tuple[str, str, tuple[str, ...]]


@cache
def _key(table: Any) -> str:
    (key,) = (column.name for column in table.primary_key)
    return str(key)


_INSERT = "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, ${number}::text::json)"
_UPDATE = (
    "UPDATE {table} SET {changes} FROM json_populate_recordset(NULL::{table}, ${number}::text::json) AS given "
    "WHERE {table}.{key} = given.{key}"
)
_DELETE = "DELETE FROM {table} WHERE {key} = ANY (${number})"


@cache
def _statement(parts: tuple[Part, ...]) -> str:
    """One statement of these parts; the names in it are the program's own."""
    made = []
    for number, (form, table, names) in enumerate(parts, 1):
        key, *columns = names or ("",)
        changes = ", ".join(f"{name} = given.{name}" for name in columns)
        part = form.format(table=table, number=number, key=key, changes=changes)
        made.append(f"part_{number} AS ({part})")
    return f"WITH {', '.join(made)} SELECT"
