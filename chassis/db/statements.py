"""Single statements, each of which stands alone, on a pool of bare driver connections."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.base import Executable

from chassis.base.settings import Settings
from chassis.db.connecting import connect

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

BROKEN = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    # The server has said goodbye already, and the connection's end is not noticed yet.
    asyncpg.InternalClientError,
    ConnectionError,
)
# How long a statement that still runs is waited for at the end.
CLOSE_SECONDS = 5


class Statements:
    """Statements without a transaction around them, which saves two round trips for each.

    They do not wait for the disk, so a power cut may undo those of the last fraction of a second. That is accepted for
    readings, whose only trace is their audit entry, and for whatever is simply done again, such as a delivery.
    `use` says in the server's list what the connections are for.
    """

    def __init__(self, settings: Settings, use: str = "read") -> None:
        async def connected(*_: Any, **__: Any) -> asyncpg.Connection:
            """As everywhere: what the pool would say of the address is left aside."""
            return await connect(settings, use, synchronous_commit="off")

        self._pool = asyncpg.create_pool(min_size=0, max_size=settings.pool_size, connect=connected, reset=_as_it_is)

    async def first_row(self, statement: str, *values: Any) -> Any:
        """The first row of a statement, as a tuple-like record; nothing if it has none.

        A statement whose connection broke is tried once more on a fresh one, so it may take effect twice.
        """
        try:
            return await self._first_row(statement, values)
        except BROKEN:
            return await self._first_row(statement, values)

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """All rows of a statement; a broken connection is an error."""
        async with self._connection() as connection:
            found: list[Any] = await connection.fetch(statement, *values)
        return found

    def in_use(self) -> int:
        """How many connections are handed out."""
        return int(self._pool.get_size() - self._pool.get_idle_size())

    async def close(self) -> None:
        """Close every connection, once the statements that run on them are answered."""
        with suppress(TimeoutError):
            await asyncio.wait_for((await self._pool).close(), CLOSE_SECONDS)

    async def _first_row(self, statement: str, values: Sequence[Any]) -> Any:
        async with self._connection() as connection:
            return await connection.fetchrow(statement, *values)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        # The first request makes the pool ready; it connects when a connection is wanted.
        pool = await self._pool
        async with pool.acquire() as connection:
            try:
                yield connection
            except (*BROKEN, TimeoutError):
                # Those that wait broke with it, even if that is not noticed yet.
                connection.terminate()
                await pool.expire_connections()
                raise


async def _as_it_is(_: asyncpg.Connection) -> None:
    """What a connection needs before its next use, where no statement changes its settings: nothing."""


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
        values = {**self.fixed, **given}
        return await statements.first_row(self.text, *(values[name] for name in self.parameters))
