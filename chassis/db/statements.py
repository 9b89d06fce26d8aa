"""Single statements, each of which stands alone, on a pool of bare driver connections."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.base import Executable

from chassis.base.settings import Settings
from chassis.db.connecting import connect

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

# The server refuses a statement alone, and goes on listening; or the driver did, before it was sent.
REFUSED = ("ERROR", None)
BROKEN = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    # The server has said goodbye already, and the connection's end is not noticed yet.
    asyncpg.InternalClientError,
    ConnectionError,
)


class Statements:
    """Statements without a transaction around them, which saves two round trips for each.

    They do not wait for the disk, so a power cut may undo those of the last fraction of a second. That is accepted for
    readings, whose only trace is their audit entry, and for whatever is simply done again, such as a delivery.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(settings.pool_size)
        self._idle: list[asyncpg.Connection] = []
        self._busy = 0
        self._closed = False

    async def first_row(self, statement: str, *values: Any) -> Any:
        """The first row of a statement, as a tuple-like record; nothing if it has none.

        A statement whose connection broke is tried once more on a fresh one, so it may take effect twice.
        """
        try:
            return await self._run(asyncpg.Connection.fetchrow, statement, values)
        except BROKEN:
            return await self._run(asyncpg.Connection.fetchrow, statement, values)

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """All rows of a statement; a broken connection is an error."""
        found: list[Any] = await self._run(asyncpg.Connection.fetch, statement, values)
        return found

    def in_use(self) -> int:
        """How many connections are handed out."""
        return self._busy

    async def close(self) -> None:
        """Close every connection; one on which a statement still runs is ended with it."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def _run(self, run: Callable[..., Awaitable[Any]], statement: str, values: Sequence[Any]) -> Any:
        """Run a statement on the connection that was used last.

        The driver's own pool does more for each than the statement takes, a task among it. What was not answered to the
        end leaves a connection of which nobody knows what it will say next.
        """
        async with self._places:
            self._busy += 1
            try:
                connection = await self._connection()
                try:
                    found = await run(connection, statement, *values)
                except BaseException as error:
                    if isinstance(error, (*BROKEN, TimeoutError)):
                        # Those that wait broke with it, even if that is not noticed yet.
                        while self._idle:
                            self._idle.pop().terminate()
                    self._give_back(connection, is_sound=_is_refusal(error))
                    raise
                self._give_back(connection, is_sound=True)
                return found
            finally:
                self._busy -= 1

    def _give_back(self, connection: asyncpg.Connection, *, is_sound: bool) -> None:
        if is_sound and not self._closed:
            self._idle.append(connection)
        else:
            connection.terminate()

    async def _connection(self) -> asyncpg.Connection:
        if self._closed:
            raise asyncpg.InterfaceError("The connections were closed.")
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await connect(self._settings, "read", synchronous_commit="off")


def _is_refusal(error: BaseException) -> bool:
    """Whether a connection can be used again after an error."""
    is_refused = isinstance(error, asyncpg.PostgresError) and not isinstance(error, BROKEN)
    return is_refused and getattr(error, "severity_en", None) in REFUSED


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
        return await statements.first_row(self.text, *self.values(given))

    async def rows(self, statements: Statements, given: Mapping[str, Any]) -> list[Any]:
        """All of the statement's rows with these values."""
        return await statements.rows(self.text, *self.values(given))

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The values of the statement's parameters in their order."""
        values = {**self.fixed, **given}
        return [values[name] for name in self.parameters]
