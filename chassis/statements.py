"""Single statements, each of which stands alone, on a pool of bare driver connections."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.base import Executable

from chassis.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

CONNECT_SECONDS = 10
BROKEN = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.AdminShutdownError, ConnectionError)


def plain_url(url: str) -> str:
    """A database's address as the bare driver wants it."""
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql://", url)


def server_settings(settings: Settings, use: str) -> dict[str, str]:
    """What the server is told of every connection: who it belongs to, UTC, and no compiling of short queries."""
    return {"application_name": f"{settings.service_name}-{use}", "timezone": "UTC", "jit": "off"}


class Statements:
    """Statements without a transaction around them, which saves two round trips for each.

    They do not wait for the disk, so a power cut may undo those of the last fraction of a second. That is accepted for
    readings, whose only trace is their audit entry, and for whatever is simply done again, such as a delivery.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Make the pool; its connections are opened as they are needed."""
        self._pool = await asyncpg.create_pool(
            plain_url(self._settings.database_url.get_secret_value()),
            min_size=0,
            max_size=self._settings.pool_size,
            server_settings=server_settings(self._settings, "read") | {"synchronous_commit": "off"},
            statement_cache_size=1024 if self._settings.statement_cache else 0,
            timeout=CONNECT_SECONDS,
            reset=_nothing_to_reset,
        )

    async def first_row(self, statement: str, *values: Any) -> Any:
        """The first row of a statement, as a tuple-like record; nothing if it has none.

        A statement whose connection broke is tried once more on a fresh one, so it may take effect twice.
        """
        try:
            return await self.pool.fetchrow(statement, *values)
        except BROKEN:
            return await self.pool.fetchrow(statement, *values)

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """All rows of a statement; a broken connection is an error."""
        found: list[Any] = await self.pool.fetch(statement, *values)
        return found

    @property
    def pool(self) -> asyncpg.Pool:
        """The pool, once it was opened."""
        if self._pool is None:
            raise RuntimeError("The pool was not opened.")
        return self._pool

    def in_use(self) -> int:
        """How many connections are handed out."""
        return int(self.pool.get_size() - self.pool.get_idle_size())

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            await self._pool.close()


async def _nothing_to_reset(_: asyncpg.Connection) -> None:
    """A single statement leaves nothing behind on its connection: no transaction, no setting, no cursor."""


@dataclass(frozen=True)
class Compiled:
    """A statement as the bare driver takes it: its text, its parameters in their order, and those with fixed values."""

    text: str
    parameters: tuple[str, ...]
    fixed: Mapping[str, Any]

    @classmethod
    def of(cls, statement: Executable) -> "Compiled":
        """The statement compiled once, for all the times that it is run."""
        dialect = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
        compiled = cast("SQLCompiler", cast("Any", statement).compile(dialect=dialect))
        if "POSTCOMPILE" in str(compiled):
            raise ValueError("A list of values is an array here, not IN.")
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        return cls(str(compiled), tuple(compiled.positiontup or ()), fixed)

    async def first_row(self, statements: Statements, given: Mapping[str, Any]) -> Any:
        """The statement's first row with these values."""
        return await statements.first_row(self.text, *self._values(given))

    async def rows(self, statements: Statements, given: Mapping[str, Any]) -> list[Any]:
        """All of the statement's rows with these values."""
        return await statements.rows(self.text, *self._values(given))

    def _values(self, given: Mapping[str, Any]) -> list[Any]:
        values = {**self.fixed, **given}
        return [values[name] for name in self.parameters]
