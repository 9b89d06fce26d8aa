"""Rows that are read and written without the mapper: one statement reads those of several tables, one writes them.

For whatever concerns many rows at once, such as a meeting with all that is known of its children. The mapper takes
longer to read them, to follow what changes in them and to write that than PostgreSQL takes for all of it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar, cast

import asyncpg
from pydantic_core import to_json
from sqlalchemy import ColumnElement, Select, func
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.statements import BROKEN, Compiled

Record = dict[str, Any]
T = TypeVar("T")
_KNOWN = "rows"
# What a row knows besides its columns.
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

    def __init__(self, shape: "Shape[Any]", values: Sequence[Any], *, is_new: bool) -> None:
        super().__init__(shape.names, values)
        self.__dict__.update({_SHAPE: shape, _BEFORE: None if is_new else {}})

    def __setattr__(self, name: str, value: Any) -> None:
        now, before = self.__dict__, self.__dict__[_BEFORE]
        if name not in now:
            raise AttributeError(f"There is no column {name}.")
        if before is not None and before.setdefault(name, now[name]) == value:
            del before[name]
        now[name] = value

    @property
    def shape(self) -> "Shape[Any]":
        """What kind of row it is."""
        shape: Shape[Any] = self.__dict__[_SHAPE]
        return shape

    @property
    def __table__(self) -> Any:
        return self.shape.table

    @property
    def is_new(self) -> bool:
        """Whether it has not been written yet."""
        return self.__dict__[_BEFORE] is None

    def changes(self) -> Collection[str]:
        """The columns that say something else than they did when it was read or written."""
        changes: dict[str, Any] | None = self.__dict__[_BEFORE]
        return changes or ()

    def written(self, names: Sequence[str]) -> Record:
        """These columns, as they are written now."""
        self.__dict__[_BEFORE] = {}
        return {name: self.__dict__[name] for name in names}


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
        return self._followed(session, values, is_new=False)

    def added(self, session: AsyncSession, record: Record) -> T:
        """A row that is new, and is written with the session's transaction; what the record leaves out is null."""
        return self._followed(session, [record.get(name) for name in self.names], is_new=True)

    def _followed(self, session: AsyncSession, values: Sequence[Any], *, is_new: bool) -> T:
        row = ChangingRow(self, values, is_new=is_new)
        _known_of(session).rows.append(row)
        return cast("T", row)


@dataclass
class _Known:
    """What is known of a session's transaction: the rows that are followed in it, and its connection."""

    transaction: object
    rows: list[ChangingRow] = field(default_factory=list)
    connection: asyncpg.Connection | None = None


def _known_of(session: AsyncSession) -> _Known:
    transaction = session.sync_session.get_transaction()
    known: _Known | None = session.info.get(_KNOWN)
    if known is None or known.transaction is not transaction:
        known = session.info[_KNOWN] = _Known(transaction)
    return known


def let_go(session: AsyncSession) -> None:
    """What was read or added until now is written by somebody else, or not at all: not by this session."""
    session.expunge_all()
    _known_of(session).rows.clear()


def gathered(wanted: Select[Any]) -> ColumnElement[Any]:
    """All rows of a selection as one value, a list of tuples: so one statement reads several tables."""
    columns = list(wanted.selected_columns)
    return func.array(wanted.with_only_columns(func.row(*columns), maintain_column_froms=True).scalar_subquery())


async def driver_connection(session: AsyncSession) -> asyncpg.Connection:
    """The bare driver's connection under a session, within the session's transaction."""
    if _known_of(session).connection is None:
        await _run(session, "SELECT 1", ())
    return cast("asyncpg.Connection", _known_of(session).connection)


async def _run(session: AsyncSession, statement: str, values: Sequence[Any]) -> Sequence[Any]:
    """The rows of a statement in the session's transaction, which begins with the first that the session knows of."""
    known = _known_of(session)
    if known.connection is None:
        connection = await session.connection()
        found: Sequence[Any] = (await connection.exec_driver_sql(statement, tuple(values))).all()
        known.connection = (await connection.get_raw_connection()).driver_connection
        return found
    try:
        return cast("Sequence[Any]", await known.connection.fetch(statement, *values))
    except BROKEN as error:
        # The session would ask it to undo the transaction, and fail with that.
        await (await session.connection()).invalidate(error)
        raise


async def read(session: AsyncSession, statement: Compiled, given: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement in the session's transaction, as tuples.

    What the mapper holds is written before; what was set on rows is not, so that it can be written with what follows.
    """
    if session.new or session.dirty or session.deleted:
        await session.flush()
    return await _run(session, statement.text, statement.values(given))


async def write(
    session: AsyncSession,
    added: Mapping[Any, Sequence[Record]] | None = None,
    gone: Mapping[Any, Sequence[Any]] | None = None,
) -> None:
    """Write what was set on rows of this transaction, and with the same statement add records and delete by key.

    A record holds a row's columns by name; what all records of a table leave out has the database's default, not the
    mapper's. Records may refer to each other.
    """
    parts: list[Part] = []
    values: list[Any] = []
    records = {table.__table__: [*given] for table, given in (added or {}).items()}
    changed: defaultdict[Shape[Any], list[ChangingRow]] = defaultdict(list)
    for row in _known_of(session).rows:
        if row.is_new:
            records.setdefault(row.shape.table, []).append(row.written(row.shape.names))
        elif row.changes():
            changed[row.shape].append(row)
    for table, given in records.items():
        if given:
            parts.append((_INSERT, str(table.fullname), tuple(sorted({name for one in given for name in one}))))
            values.append(to_json(given).decode())
    for shape, rows in changed.items():
        names = (shape.key, *sorted({name for row in rows for name in row.changes()}))
        parts.append((_UPDATE, str(shape.table.fullname), names))
        values.append(to_json([row.written(names) for row in rows]).decode())
    for table, keys in (gone or {}).items():
        if keys:
            parts.append((_DELETE, str(table.__table__.fullname), (_key(table.__table__),)))
            values.append(keys)
    if parts:
        await _run(session, _statement(tuple(parts)), values)


# The form of a part of a statement, the table that it is about, and its columns; of rows that are there, the key first.
Part = tuple[str, str, tuple[str, ...]]


@cache
def _key(table: Any) -> str:
    (key,) = (column.name for column in table.primary_key)
    return str(key)


def update_of(table: Any, names: tuple[str, ...]) -> tuple[str, str]:
    """A table's key, and the statement that sets these columns of its rows to what a JSON text with the key says."""
    return _key(table), _statement(((_UPDATE, str(table.fullname), (_key(table), *names)),))


_INSERT = (
    "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, ${number}::text::json)"
)
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
        changes = ", ".join(f"{name} = given.{name}" for name in names[1:])
        part = form.format(table=table, number=number, names=", ".join(names), key=names[0], changes=changes)
        made.append(f"part_{number} AS ({part})")
    return f"WITH {', '.join(made)} SELECT 1"
