"""The real system, run as `make run` does in a folder of its own: how fast it starts, and what it costs."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import aiohttp
import psutil

from bench.load import CONNECTIONS, SECONDS, Ask, Door, load
from bench.table import Line
from chassis.access import callers
from chassis.access.callers import Role, TokenIssuer
from chassis.base.settings import Settings
from deploy.keys import GATEWAY
from deploy.local.postgres import free_port, remove
from deploy.local.topology import PEOPLE, Ports
from deploy.services import SERVICES

WELCOME = "Ctrl-C stops everything."
# Above what the idle system takes: once so little of a core is used, everything is done that requests caused.
QUIET = 0.05
# Seconds after which it is measured nevertheless.
LONGEST = 60


class System:
    """A running system; `cold` and `warm` are the seconds that its start took without and with its data.

    `idle` is the share of a core that it takes while nobody asks, and `beside` a process whose CPU counts as well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = Ports(**{name: free_port() for name in asdict(Ports())})
        self.cold = self.warm = self.idle = 0.0
        self.beside: int | None = None

    async def gateway(self, role: str) -> Door:
        """The gateway, for the person of a role."""
        url = self.ports.address(GATEWAY)
        address, headers = f"{url}/development/sign-in/{role}", {"Accept": "application/json"}
        async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as answer:
            return Door(url, {"Authorization": f"Bearer {(await answer.json())['access_token']}"})

    def behind(self, name: str, role: str) -> Door:
        """A service itself, for the person of a role."""
        key = self.processes()[GATEWAY].environ()["INTERNAL_SIGNING_KEY"]
        # No token of the gateway's lives as long as a measurement.
        callers.LIFETIME_SECONDS = 3600
        issuer = TokenIssuer(Settings(service_name=GATEWAY, internal_signing_key=key))
        return Door(self.ports.address(name), {"Authorization": f"Bearer {issuer.token(PEOPLE[role], [Role(role)])}"})

    async def start(self) -> float:
        """Start it; the seconds until every process is ready."""
        began = time.perf_counter()
        ports = {f"{name.upper()}_PORT": str(port) for name, port in asdict(self.ports).items()}
        command = [sys.executable, "-m", "deploy", "run", "--folder", str(self.folder)]
        # What may be sent is the council's choice; what can be sent is the question.
        environment = os.environ | ports | {"MAILS_PER_SECOND": "0"}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        async with aiohttp.ClientSession() as http:
            for name in (*SERVICES, GATEWAY):
                await self._until_ready(http, f"{self.ports.address(name)}/health/ready")
        return time.perf_counter() - began

    async def until_loaded(self) -> None:
        """Wait until the demonstration's data are there."""
        while WELCOME not in self._log.read_text():
            self._check()
            await asyncio.sleep(0.5)
        if not (self.folder / "demo-loaded").exists():
            raise RuntimeError(self._log.read_text())

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self._process.terminate()
        self._process.wait(120)

    def processes(self) -> Mapping[str, psutil.Process]:
        """The processes of our own by name; PostgreSQL's are theirs besides."""
        found = {}
        for process in psutil.Process(self._process.pid).children():
            words = process.cmdline()
            if "web" in words:
                found[words[-1]] = process
        return found

    def database(self, service: str) -> str:
        """The address of a service's database, for the role that owns it."""
        return str(self.processes()[service].environ()["MIGRATION_DATABASE_URL"])

    def cpu(self) -> float:
        """The seconds of a core that all processes took so far, PostgreSQL's among them."""
        taken = 0.0
        postgres = (self.folder / "postgres").resolve() / "cluster" / "postmaster.pid"
        pids = (self._process.pid, int(postgres.read_text().split()[0]), self.beside)
        roots = [psutil.Process(pid) for pid in pids if pid]
        for process in [process for root in roots for process in (root, *root.children(recursive=True))]:
            try:
                taken += sum(process.cpu_times()[:4])
            except psutil.NoSuchProcess:
                continue
        return taken

    async def used(self) -> float:
        """The share of a core that is used during a second."""
        before = self.cpu()
        await asyncio.sleep(1)
        return self.cpu() - before

    async def quiet(self) -> None:
        """Wait until everything is done that requests caused: events, emails."""
        for _ in range(LONGEST):
            if await self.used() < self.idle + QUIET:
                return

    async def measured(self, what: str, door: Door, asks: Iterator[Ask], more: Iterator[Ask], budget: str) -> Line:
        """A line: asked at 1 connection, then at 16; the CPU is that of the former with all that followed from it.

        The budget says which percentile it is about, at 16 connections unless it says alone.
        """
        before, began = self.cpu(), time.perf_counter()
        at_1 = await load(door, asks, 1, SECONDS)
        await self.quiet()
        cpu = self.cpu() - before - self.idle * (time.perf_counter() - began)
        at_16 = await load(door, more, CONNECTIONS, SECONDS)
        await self.quiet()
        found = (at_1 if "alone" in budget else at_16).p(int(budget[1:3])) if budget else None
        return Line(what, at_1, at_16, cpu * 1000 / len(at_1.milliseconds), budget, found)

    def memory(self) -> dict[str, float]:
        """The megabytes of each process of our own."""
        return {name: process.memory_info().rss / 1e6 for name, process in self.processes().items()}

    @property
    def _log(self) -> Path:
        return self.folder / "run.log"

    def _check(self) -> None:
        if self._process.poll() is not None:
            raise RuntimeError(self._log.read_text())

    async def _until_ready(self, http: aiohttp.ClientSession, url: str) -> None:
        while True:
            self._check()
            try:
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running() -> AsyncIterator[System]:
    """The system with the demonstration's data, started once without them and once with them."""
    folder = Path(tempfile.mkdtemp(prefix="chairs-bench-"))
    folder.chmod(0o711)
    system = System(folder)
    try:
        system.cold = await system.start()
        await system.until_loaded()
        system.stop()
        system.warm = await system.start()
        await system.until_loaded()
        await system.quiet()
        system.idle = sum([await system.used() for _ in range(5)]) / 5
        yield system
    finally:
        system.stop()
        remove(folder)
