"""Services as processes of their own, which a test may kill: only what it started itself, and by its number."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr

from chassis.settings import Settings
from deploy.local.postgres import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 20
STOP_SECONDS = 25


def plain(value: Any) -> Any:
    """A setting as JSON, secrets included: a process is told them as its environment would."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


@dataclass
class Process:
    """A service's process that is started, killed and started again."""

    part: str
    name: str
    settings: dict[str, Any]
    starts: int = 0
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.settings['port']}"

    @property
    def pid(self) -> int:
        """The number of the process that runs."""
        return self._running[-1].pid

    async def start(self, **changes: Any) -> None:
        """Start it, and wait until it can do its work."""
        self.settings |= changes
        self.starts += 1
        self._running.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.serve", self.part, self.name],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "SETTINGS": json.dumps(self.settings)},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        async with httpx.AsyncClient(base_url=self.address, timeout=5) as client:
            deadline = asyncio.get_running_loop().time() + START_SECONDS
            while not await _is_ready(client):
                assert self._running[-1].poll() is None, f"{self.name} ended by itself"
                assert asyncio.get_running_loop().time() < deadline, f"{self.name} is not ready"
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """Kill it where it stands."""
        os.kill(self.pid, signal.SIGKILL)
        self._running[-1].wait()

    async def end(self) -> int:
        """Ask it to end, and wait until it has; its code."""
        os.kill(self.pid, signal.SIGTERM)
        return await asyncio.wait_for(asyncio.to_thread(self._running[-1].wait), STOP_SECONDS)

    def clear_away(self) -> None:
        """Leave nothing behind."""
        for one in self._running:
            if one.poll() is None:
                os.kill(one.pid, signal.SIGKILL)
                one.wait()
            if one.stdin is not None:
                one.stdin.close()


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def process(part: str, settings: Settings, **changes: Any) -> AsyncIterator[Process]:
    """A service's process for the length of a block, on a free port unless the changes say otherwise."""
    given = {name: plain(getattr(settings, name)) for name in type(settings).model_fields}
    one = Process(part, settings.service_name, given | {"port": free_port(), "log_level": "error"} | changes)
    try:
        await one.start()
        yield one
    finally:
        one.clear_away()
