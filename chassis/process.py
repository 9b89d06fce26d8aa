"""What one process works with: made once at its start, closed at its end, and passed to everything that needs it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Annotated, cast

import httpx
from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.callers import TokenIssuer, TokenReader
from chassis.base import clock
from chassis.base.http import http_client
from chassis.base.settings import Settings
from chassis.db.database import Database

# Another service that has not answered by then counts as down.
HTTP_TIMEOUT = httpx.Timeout(15, connect=3, pool=3)


# The loop in which something happens, if it happens in one.
LOOP: ContextVar[str | None] = ContextVar("loop", default=None)


@dataclass(frozen=True)
class Process:
    """A process's settings, database, HTTP client and keys."""

    settings: Settings
    database: Database
    http: httpx.AsyncClient
    tokens: TokenIssuer
    token_reader: TokenReader
    heartbeats: dict[str, float] = field(default_factory=dict)

    def beat(self, seconds: float) -> None:
        """Say, in a loop, that it is alive and says so again within so many seconds."""
        if (loop := LOOP.get()) is not None:
            self.heartbeats[loop] = monotonic() + seconds

    def overdue(self) -> dict[str, float]:
        """For each loop how many seconds ago it should have said that it is alive; 0 where it did."""
        now = monotonic()
        return {loop: max(0.0, now - until) for loop, until in self.heartbeats.items()}

    def is_lively(self) -> bool:
        """Whether each loop said lately that it is alive."""
        return not any(self.overdue().values())


@asynccontextmanager
async def running_process(settings: Settings) -> AsyncIterator[Process]:
    """What a process works with, closed at the block's end."""
    clock.shift(settings.clock_offset)
    database = Database(settings)
    async with http_client(HTTP_TIMEOUT) as http:
        try:
            yield Process(settings, database, http, TokenIssuer(settings), TokenReader.of(settings))
        finally:
            await database.close()


def process_of(request: Request) -> Process:
    """What the process that answers works with, as its application keeps it."""
    return cast("Process", request.app.state.process)


# FastAPI runs plain functions in a thread of their own, coroutines in place.
async def _process_of_request(request: Request) -> Process:
    return process_of(request)


ProcessDep = Annotated[Process, Depends(_process_of_request)]


ALIVE_SECONDS = 120.0


async def in_batches(process: Process, batch: Callable[[AsyncSession], Awaitable[int]]) -> int:
    """Do batches until one finds no rows; how many rows there were.

    `batch` locks the next rows, changes them, and says how many they were.
    """
    total = 0
    while True:
        process.beat(ALIVE_SECONDS)
        async with process.database.transaction() as session:
            count = await batch(session)
        if not count:
            return total
        total += count
