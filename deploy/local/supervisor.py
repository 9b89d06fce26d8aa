"""Runs the whole system on this machine: everything is started when what it needs is ready, and stopped in reverse."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from errno import ENOSPC
from pathlib import Path

import httpx

from chassis.base.http import http_client
from deploy import CannotRun
from deploy.local import demonstration, welcome
from deploy.local.child import Surroundings, kept, run_to_end
from deploy.local.clock import clock_offset_seconds
from deploy.local.databases import Addresses, create_database
from deploy.local.kept_postgres import kept_postgres
from deploy.local.ownership import Record, alone
from deploy.local.postgres import DiskFull, PortTaken, Server
from deploy.local.progress import say, step
from deploy.local.secrets import local_keys
from deploy.local.topology import HOST, Ports, Topology
from deploy.local.versions import outdated
from deploy.services import SERVICES

ASKED_SECONDS = 5.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(folder: Path, ports: Ports) -> None:
    """Run the system of a folder until somebody stops it; `CannotRun` says what stands in the way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            asyncio.run(_until_stopped(folder, ports))
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull(folder) from None
        if isinstance(error, PermissionError):
            raise CannotRun(f"{error.filename} cannot be written to by this user.") from None
        raise


async def _until_stopped(folder: Path, ports: Ports) -> None:
    running = asyncio.create_task(_run(folder, ports))
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Impatience must not leave half of it running: whoever stops it again changes nothing.
        for number in STOPPING:
            loop.add_signal_handler(number, lambda: None)
        say("Stopping …")
        running.cancel()

    for number in STOPPING:
        loop.add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        say("Everything is stopped.")


async def _run(folder: Path, ports: Ports) -> None:
    async with AsyncExitStack() as stack:
        surroundings = await stack.enter_async_context(_surroundings(folder))
        surroundings.record.end_left_behind()
        _check_ports(ports)
        topology = await _with_databases(folder, ports, stack)
        if names := await outdated(topology.databases):
            async with step("Bringing the databases up to date"):
                await run_to_end([topology.migration(name) for name in names], surroundings)
        for processes in topology.stages():
            async with step(f"Starting {', '.join(process.name for process in processes)}"):
                await stack.enter_async_context(kept(processes, surroundings))
        await demonstration.load_once(topology, surroundings.record)
        say(welcome.page(topology))
        await asyncio.Event().wait()


@asynccontextmanager
async def _surroundings(folder: Path) -> AsyncIterator[Surroundings]:
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    lifeline, ours = os.pipe()
    try:
        async with http_client(httpx.Timeout(ASKED_SECONDS)) as http:
            yield Surroundings(logs, Record(folder / "processes"), http, lifeline)
    finally:
        os.close(lifeline)
        os.close(ours)


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


async def _with_databases(folder: Path, ports: Ports, stack: AsyncExitStack) -> Topology:
    async with step("Starting PostgreSQL"):
        server = await stack.enter_async_context(kept_postgres(folder / "postgres", ports.postgres))
    databases = {name: await _database(server, name) for name in SERVICES}
    return Topology(folder, ports, local_keys(folder), clock_offset_seconds(folder), databases)


async def _database(server: Server, name: str) -> Addresses:
    return await create_database(server, name, f"{name}_owner", name)
