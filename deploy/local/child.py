"""A process of the local system: started until it is ready, started again when it ends by itself, stopped."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from chassis.base.http import FAILURES
from deploy import CannotRun
from deploy.local.ownership import Record
from deploy.local.progress import say
from deploy.local.restarts import Restarts
from deploy.local.topology import Process
from deploy.serving import GRACEFUL_SECONDS

PROJECT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0
POLL_SECONDS = 0.1
LONGEST_LOG = 20 * 1024 * 1024


@dataclass
class Surroundings:
    """What all processes of a local system share.

    `lifeline` is the reading end of a pipe that nobody writes to: it closes when this process is gone, however it
    went, and whoever has it as standard input then ends.
    """

    logs: Path
    record: Record
    http: httpx.AsyncClient
    lifeline: int
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))


async def end_of(process: subprocess.Popen[bytes]) -> int:
    """How a process ended, once it has."""
    while True:
        if (code := process.poll()) is not None:
            return code
        await asyncio.sleep(POLL_SECONDS)


class Child:
    """One process and what becomes of it."""

    def __init__(self, process: Process, surroundings: Surroundings) -> None:
        self.process = process
        self.log = surroundings.logs / f"{process.name}.log"
        self._surroundings = surroundings
        self._running: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start it; its output goes to its log."""
        command = [sys.executable, "-m", "deploy", "--while-stdin-open", *self.process.arguments]
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        with self.log.open("ab") as output:
            self._running = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self._surroundings.environment | dict(self.process.environment),
                stdin=self._surroundings.lifeline,
                stdout=output,
                stderr=output,
                # Ctrl-C is for us: we stop the others one after the other.
                start_new_session=True,
            )
        self._surroundings.record.add(self.process.name, self._running.pid, command)

    async def until_ready(self) -> None:
        """Wait until it says that it is ready; `CannotRun` if it ends before, or takes too long."""
        deadline = time.monotonic() + READY_SECONDS
        while not await self._is_ready():
            if self._code() is not None:
                raise CannotRun(f"{self.process.name} ended while it started{self._last_words()}; see {self.log}.")
            if time.monotonic() > deadline:
                raise CannotRun(f"{self.process.name} was not ready within {READY_SECONDS:.0f} seconds: {self.log}.")
            await asyncio.sleep(POLL_SECONDS)

    async def until_done(self) -> None:
        """Wait until it has ended by itself; `CannotRun` if it failed."""
        if await self._end():
            raise CannotRun(f"{self.process.name} failed{self._last_words()}; see {self.log}.")

    async def keep(self) -> None:
        """Start it again whenever it ends, until this is cancelled."""
        restarts = Restarts()
        while True:
            await self._end()
            pause = restarts.next_pause()
            say(f"{self.process.name} ended by itself; it is started again in {pause:.0f} s. {self.log} may say why.")
            await asyncio.sleep(pause)
            try:
                self.launch()
                restarts.begin()
                await self.until_ready()
                say(f"{self.process.name} is back.")
            except (CannotRun, OSError) as trouble:
                say(str(trouble))

    async def stop(self) -> None:
        """End it, gently at first."""
        if self._running is None:
            return
        if self._code() is None:
            self._running.terminate()
        deadline = time.monotonic() + GRACEFUL_SECONDS + 5
        while self._code() is None:
            if time.monotonic() > deadline:
                self._running.kill()
            await asyncio.sleep(POLL_SECONDS)
        self._surroundings.record.remove(self.process.name)

    async def _end(self) -> int:
        """How it ended, once it has."""
        assert self._running is not None
        return await end_of(self._running)

    def _code(self) -> int | None:
        """How it ended, if it has."""
        assert self._running is not None
        return self._running.poll()

    async def _is_ready(self) -> bool:
        address = f"http://127.0.0.1:{self.process.port}/health/ready"
        try:
            answer = await self._surroundings.http.get(address)
        except FAILURES:
            return False
        return answer.status_code == 200 and self._code() is None

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return f" and said: {lines[-1]}" if lines else ""


@asynccontextmanager
async def kept(processes: Sequence[Process], surroundings: Surroundings) -> AsyncIterator[None]:
    """Processes that do not wait for each other, for the length of a block, which begins when all are ready."""
    children = [Child(process, surroundings) for process in processes]
    keeping: list[asyncio.Task[None]] = []
    try:
        for child in children:
            child.launch()
        for child in children:
            await child.until_ready()
        keeping += [asyncio.create_task(child.keep()) for child in children]
        yield
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        for child in reversed(children):
            await child.stop()


async def run_to_end(processes: Sequence[Process], surroundings: Surroundings) -> None:
    """Run processes beside each other that end by themselves; `CannotRun` if one fails."""
    children = [Child(process, surroundings) for process in processes]
    try:
        for child in children:
            child.launch()
        for child in children:
            await child.until_done()
    finally:
        for child in children:
            await child.stop()
