"""The local PostgreSQL for as long as the system runs: started again when it ends by itself, stopped last."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy import CannotRun
from deploy.local import postgres
from deploy.local.child import POLL_SECONDS
from deploy.local.postgres import Server
from deploy.local.progress import say
from deploy.local.restarts import Restarts


class _Kept:
    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self.server: Server | None = None

    async def start(self) -> Server:
        """Start it; whoever is cancelled meanwhile still leaves behind a server that can be stopped."""
        starting = asyncio.create_task(postgres.start(self._folder, self._port))
        try:
            self.server = await asyncio.shield(starting)
        except asyncio.CancelledError:
            self.server = await starting
            raise
        return self.server

    async def keep(self) -> None:
        """Start it again whenever it ends, until this is cancelled."""
        restarts = Restarts()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if self.server is None or self.server.runs:
                continue
            pause = restarts.next_pause()
            say(f"PostgreSQL ended by itself; it is started again in {pause:.0f} s. {self._folder} may say why.")
            await asyncio.sleep(pause)
            try:
                await self.start()
                restarts.begin()
                say("PostgreSQL is back.")
            except (CannotRun, OSError) as trouble:
                say(str(trouble))


@asynccontextmanager
async def kept_postgres(folder: Path, port: int) -> AsyncIterator[Server]:
    """The server of a folder for the length of a block."""
    kept = _Kept(folder, port)
    try:
        server = await kept.start()
        keeping = asyncio.create_task(kept.keep())
        try:
            yield server
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
    finally:
        if kept.server is not None:
            await postgres.stop(kept.server)
