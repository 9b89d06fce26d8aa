"""What one process works with: made once at its start, closed at its end, handed to whoever needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import aiohttp
from fastapi import Depends, Request

from chassis import clock
from chassis.callers import TokenIssuer, TokenReader
from chassis.db import Database, work_of
from chassis.settings import Settings

# A sister service that has not answered by then counts as down.
HTTP_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=3)
# Less than a server keeps a connection that is idle (uvicorn: 5 seconds): one that it has closed is never used again.
KEEP_ALIVE_SECONDS = 3


@dataclass(frozen=True)
class Work:
    """A process's settings, database, HTTP client and keys."""

    settings: Settings
    database: Database
    http: aiohttp.ClientSession
    tokens: TokenIssuer
    token_reader: TokenReader


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[Work]:
    """What a process works with, closed at the block's end."""
    clock.shift(settings.clock_offset)
    database = Database(settings)
    connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=HTTP_TIMEOUT) as http:
        try:
            yield Work(settings, database, http, TokenIssuer(settings), TokenReader.of(settings))
        finally:
            await database.close()


# FastAPI runs plain functions in a thread of their own, coroutines in place.
async def _asked_work(request: Request) -> Work:
    return work_of(request)


WorkDep = Annotated[Work, Depends(_asked_work)]
