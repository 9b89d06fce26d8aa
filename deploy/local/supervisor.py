"""Runs the whole system on this machine: everything is started when what it needs is ready, and stopped in reverse."""

import asyncio
import fcntl
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from errno import ENOSPC
from itertools import islice
from pathlib import Path

import httpx

from chassis.base.http import http_client
from deploy import CannotRun
from deploy.local import postgres
from deploy.local.databases import create_database, outdated
from deploy.local.mailbox.store import Store
from deploy.local.postgres import DiskFull, PortTaken
from deploy.local.processes import LOGS, RECORDS, Child, PostgreSQL, end_left_behind, kept, say
from deploy.local.topology import HOST, PEOPLE, Ports, Process, Topology, clock_offset_seconds, local_keys
from deploy.services import SERVICES

ASKED_SECONDS = 5.0
END_SECONDS = 120.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOCK = "run.lock"
# A link to answer is among the newest messages, or nowhere.
MESSAGES_LOOKED_AT = 500
ANSWER_PAGE = r"/answer/[^\s\"'<>]+"
REPORT = r"/development/reports/REP-[0-9-]+"


def run(folder: Path, ports: Ports) -> None:
    """Run the system of a folder until somebody stops it; `CannotRun` says what stands in the way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            asyncio.run(_until_stopped(folder, ports))
    except PermissionError as error:
        raise CannotRun(f"{error.filename} cannot be written to by this user.") from None
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull(folder) from None
        raise


async def clean(folder: Path) -> None:
    """Stop the system of a folder and remove the folder; one in which no system ever ran is left alone."""
    if not (folder / LOCK).exists():
        return
    if runner := _runner(folder):
        say(f"Stopping the system that runs in {folder} …")
        os.kill(runner, signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        while _runner(folder):
            if time.monotonic() > deadline:
                raise CannotRun(f"Process {runner}, which runs the system in {folder}, does not end.")
            await asyncio.sleep(0.1)
    end_left_behind(folder)
    await postgres.stop_left_behind(folder / "postgres")
    postgres.remove(folder / "postgres")
    shutil.rmtree(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder for the length of a block; the machine gives it back when its holder dies."""
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"The system already runs in {folder} (process {(folder / LOCK).read_text()}): "
                "stop it there with Ctrl-C, or from anywhere with `make clean`."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _runner(folder: Path) -> int | None:
    """The process that holds the folder at this moment."""
    try:
        with _alone(folder):
            return None
    except CannotRun:
        return int((folder / LOCK).read_text())


async def _until_stopped(folder: Path, ports: Ports) -> None:
    running = asyncio.create_task(_run(folder, ports))

    def stop() -> None:
        # Impatience must not leave half of it running: whoever stops it again changes nothing.
        if not running.cancelling():
            say("Stopping …")
            running.cancel()

    for number in STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        say("Everything is stopped.")


async def _run(folder: Path, ports: Ports) -> None:
    for name in (LOGS, RECORDS):
        (folder / name).mkdir(exist_ok=True)
    end_left_behind(folder)
    _check_ports(ports)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(http_client(httpx.Timeout(ASKED_SECONDS)))

        def child(process: Process) -> Child:
            return Child(process, folder, http)

        say("Starting PostgreSQL …")
        database = PostgreSQL(folder / "postgres", ports.postgres)
        await stack.enter_async_context(kept([database]))
        databases = {name: await create_database(database.server, name, f"{name}_owner", name) for name in SERVICES}
        topology = Topology(folder, ports, local_keys(folder), clock_offset_seconds(folder), databases)
        await _migrate([child(topology.migration(name)) for name in await outdated(databases)])
        for stage in topology.stages():
            say(f"Starting {', '.join(process.name for process in stage)} …")
            await stack.enter_async_context(kept([child(process) for process in stage]))
        await _load_demonstration(folder, child(topology.demonstration()))
        say(_page(topology))
        await asyncio.Event().wait()


def _check_ports(ports: Ports) -> None:
    """Say which port is taken before anything is started; PostgreSQL looks after its own."""
    needed = {name: getattr(ports, name) for name in ("gateway", *SERVICES)}
    needed |= {"the mailbox's page": ports.mailbox, "the mailbox's mail server": ports.smtp}
    for purpose, port in needed.items():
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError:
                raise PortTaken(port, purpose) from None


async def _migrate(migrations: list[Child]) -> None:
    if migrations:
        say("Bringing the databases up to date …")
    codes = await asyncio.gather(*(migration.run() for migration in migrations))
    for migration, code in zip(migrations, codes, strict=True):
        if code:
            raise migration.trouble("failed")


async def _load_demonstration(folder: Path, demonstration: Child) -> None:
    """Load the demonstration if this folder does not have it; a failure is told, and tried again on the next start."""
    loaded = folder / "demo-loaded"
    if loaded.exists():
        return
    say("Loading the demonstration: an invented council's records. This is done once.")
    if await demonstration.run() == 0:
        loaded.touch()
    else:
        say("The demonstration is not complete; the system runs without the rest.")
        say("Start again to go on from here, or run `make clean` to begin anew.")


def _page(topology: Topology) -> str:
    """What somebody sees who has just started the system: where everything is."""
    ports = topology.ports
    return "\n".join(
        [
            "",
            "Independent Chairs runs on this machine.",
            "",
            f"  The API          {ports.public_url}/docs",
            f"  Every email      {ports.mailbox_url}",
            *([f"  An answer page   {link}"] if (link := _newest_link(topology, ANSWER_PAGE)) else []),
            *([f"  A report         {link}/document.html"] if (link := _newest_link(topology, REPORT)) else []),
            *([f"  In all its forms {link}"] if link else []),
            "",
            "  Sign in as",
            *(f"    {role.replace('_', ' '):<21}{ports.public_url}/development/sign-in/{role}" for role in PEOPLE),
            "",
            "  Metrics",
            *(f"    {name:<21}{ports.address(name)}/metrics" for name in ("gateway", *SERVICES)),
            "",
            f"  Logs             {topology.folder / LOGS} (the scheduler's are among those of notifications)",
            "",
            "Ctrl-C stops everything.",
        ]
    )


def _newest_link(topology: Topology, path: str) -> str | None:
    """The link with such a path in the newest message that has one."""
    link = re.compile(re.escape(topology.ports.public_url) + path)
    store = Store(topology.mails)
    for identifier in islice(store.identifiers(), MESSAGES_LOOKED_AT):
        message = store.find(identifier)
        if found := link.search((message and message.body("plain")) or ""):
            return found[0]
    return None
