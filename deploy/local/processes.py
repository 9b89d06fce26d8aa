"""The processes of the local system: started until they are ready, started again when they end, and stopped."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import psutil

from chassis.base.http import FAILURES
from deploy import CannotRun
from deploy.local import postgres
from deploy.local.topology import HOST, Process
from deploy.processes import GRACEFUL_SECONDS

PROJECT = Path(__file__).resolve().parents[2]
LOGS, RECORDS = "logs", "processes"
READY_SECONDS, STOP_SECONDS, POLL_SECONDS = 60, GRACEFUL_SECONDS + 5, 0.1
# The pause before a restart doubles each time; whatever has run steadily for so long has another trouble than before.
SHORTEST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 1.0, 30.0, 60.0
# The file of a process is written a moment after it began; whoever began later only has its number.
MOMENT = 1.0


def say(words: str) -> None:
    """Show a line at once, wherever the output goes."""
    # Nothing that is kept running ends because nobody reads any more, or the disk is full.
    with suppress(OSError, ValueError):
        print(words, flush=True)


class Child:
    """One process of our own."""

    def __init__(self, process: Process, folder: Path, http: httpx.AsyncClient) -> None:
        self.name = process.name
        self.log = folder / LOGS / f"{process.name}.log"
        self._record = folder / RECORDS / f"{process.name}.json"
        self._process = process
        self._http = http
        self._running: asyncio.subprocess.Process | None = None

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._running is not None and self._running.returncode is None

    async def start(self) -> None:
        """Start it, and wait until it says that it is ready; `CannotRun` if it ends before, or takes too long."""
        await self._launch()
        deadline = time.monotonic() + READY_SECONDS
        while not await self._is_ready():
            if not self.runs:
                raise self.trouble("ended while it started")
            if time.monotonic() > deadline:
                raise self.trouble(f"was not ready within {READY_SECONDS} seconds")
            await asyncio.sleep(POLL_SECONDS)

    async def run(self) -> int:
        """Run it until it ends by itself; how it ended."""
        try:
            return await (await self._launch()).wait()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """End it, gently at first."""
        if self._running is None:
            return
        with suppress(ProcessLookupError):
            self._running.terminate()
        try:
            await asyncio.wait_for(self._running.wait(), STOP_SECONDS)
        except TimeoutError:
            self._running.kill()
            await self._running.wait()
        self._record.unlink(missing_ok=True)

    def trouble(self, what: str) -> CannotRun:
        """What happened to it, and the last that it said."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return CannotRun(f"{self.name} {what}{f' and said: {lines[-1]}' if lines else ''}; see {self.log}.")

    async def _launch(self) -> asyncio.subprocess.Process:
        command = [sys.executable, "-m", *self._process.arguments]
        with self.log.open("ab") as log:
            output = None if self._process.is_shown else log
            self._running = await asyncio.create_subprocess_exec(
                *command,
                cwd=PROJECT,
                env=os.environ | dict(self._process.environment),
                # It closes when this process is gone, however it went; the other one then ends.
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                # Ctrl-C is for us: we stop the others one after the other.
                start_new_session=True,
            )
        self._record.write_text(json.dumps({"pid": self._running.pid, "command": command}))
        return self._running

    async def _is_ready(self) -> bool:
        try:
            answer = await self._http.get(f"http://{HOST}:{self._process.port}/health/ready")
        except FAILURES:
            return False
        return answer.status_code == 200 and self.runs


class PostgreSQL:
    """The database server as one of what is kept running."""

    name = "PostgreSQL"
    server: postgres.Server

    def __init__(self, folder: Path, port: int) -> None:
        self.log = folder / "server.log"
        self._folder = folder
        self._port = port

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.server.runs

    async def start(self) -> None:
        """Start it, and wait until it is ready."""
        self.server = await postgres.start(self._folder, self._port)

    async def stop(self) -> None:
        """End it; what was committed is kept."""
        await postgres.stop_left_behind(self._folder)


@asynccontextmanager
async def kept(parts: Sequence[Child | PostgreSQL]) -> AsyncIterator[None]:
    """Parts that do not wait for each other, for the length of a block, which begins when all are ready."""
    tasks = [asyncio.create_task(part.start()) for part in parts]
    try:
        for task in tasks:
            await task
        tasks = [asyncio.create_task(_keep(part)) for part in parts]
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for part in reversed(parts):
            await part.stop()


async def _keep(part: Child | PostgreSQL) -> None:
    """Start it again whenever it ends, until this is cancelled."""
    pause, began = SHORTEST_PAUSE, time.monotonic()
    while True:
        await asyncio.sleep(POLL_SECONDS)
        if part.runs:
            continue
        if time.monotonic() - began > STEADY_SECONDS:
            pause = SHORTEST_PAUSE
        say(f"{part.name} ended by itself; it is started again in {pause:.0f} s. {part.log} may say why.")
        await asyncio.sleep(pause)
        pause, began = min(2 * pause, LONGEST_PAUSE), time.monotonic()
        try:
            await part.start()
            say(f"{part.name} is back.")
        except (CannotRun, OSError) as trouble:
            say(str(trouble))


def end_left_behind(folder: Path) -> None:
    """End what a killed run left; a process that merely has the number of one of ours is left alone."""
    records = list((folder / RECORDS).glob("*.json"))
    left = [process for record in records if (process := _recorded(record))]
    for process in left:
        process.terminate()
    for process in psutil.wait_procs(left, timeout=5)[1]:
        process.kill()
        process.wait(timeout=5)
    for record in records:
        record.unlink()


def _recorded(record: Path) -> psutil.Process | None:
    """The process that a file tells of, if it still is that one: the same command, and no younger than the file."""
    with suppress(psutil.Error, ValueError, KeyError, OSError):
        told = json.loads(record.read_text())
        process = psutil.Process(told["pid"])
        if process.cmdline() == told["command"] and process.create_time() <= record.stat().st_mtime + MOMENT:
            return process
    return None
