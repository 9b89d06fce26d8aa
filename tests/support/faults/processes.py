"""Services as processes of their own, which a test may kill: only what it started itself, and by its number."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time
from multiprocessing.context import ForkServerProcess
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr

from chassis.base.settings import Settings
from tests.support.faults.serve import main
from tests.support.serving import free_port
from tests.support.waiting import PATIENCE

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload([main.__module__])
START_SECONDS = STOP_SECONDS = PATIENCE


def plain(value: Any) -> Any:
    """A setting as JSON, secrets included: a process is told them as its environment would."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@dataclass
class Process:
    """A service's process that is started, killed and started again."""

    part: str
    name: str
    settings: dict[str, Any]
    starts: int = 0
    _running: list[ForkServerProcess] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.settings['port']}"

    @property
    def pid(self) -> int:
        """The number of the process that runs."""
        pid = self._running[-1].pid
        assert pid is not None
        return pid

    async def start(self, *, later: float = 0) -> None:
        """Start it, with the council's clock so many seconds ahead of what it was, and wait until it can do its work."""
        self.settings["clock_offset_seconds"] += later
        self.starts += 1
        running = FORKING.Process(target=main, args=(self.part, self.name, self.settings))
        running.start()
        self._running.append(running)
        async with httpx.AsyncClient(base_url=self.address, timeout=PATIENCE, verify=False) as client:
            deadline = asyncio.get_running_loop().time() + START_SECONDS
            while not await _is_ready(client):
                assert running.exitcode is None, f"{self.name} ended by itself"
                assert asyncio.get_running_loop().time() < deadline, f"{self.name} is not ready"
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """Kill it where it stands."""
        self._running[-1].kill()
        self._running[-1].join()

    async def end(self) -> int:
        """Ask it to end, and wait until it has; its code."""
        self._running[-1].terminate()
        await asyncio.to_thread(self._running[-1].join, STOP_SECONDS)
        code = self._running[-1].exitcode
        assert code is not None, f"{self.name} did not end"
        return code

    def clear_away(self) -> None:
        """Leave nothing behind."""
        for running in self._running:
            running.kill()
            running.join()
            running.close()


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def process(part: str, settings: Settings, **changes: Any) -> AsyncIterator[Process]:
    """A service's process for the length of a block, on a free port unless the changes say otherwise."""
    given = {name: plain(getattr(settings, name)) for name in type(settings).model_fields}
    started = Process(part, settings.service_name, given | {"port": free_port(), "log_level": "error"} | changes)
    try:
        await started.start()
        yield started
    finally:
        started.clear_away()
