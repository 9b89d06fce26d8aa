"""The PostgreSQL server of a local run: started from a wheel, adopted where it still runs, stopped cleanly.

The folder may have been left behind by anything: a run that was killed, a server that was killed, another run that
is starting this very moment. Whatever stands in it, starting again works at once.
"""

import asyncio
import fcntl
import os
import secrets
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil

from deploy.local import binaries
from deploy.local.account import Account, remove_folder, server_account
from deploy.local.cluster import PORT_LINE, STATUS_LINE, is_ready, lives, living_server, pid_file, processes_in
from deploy.local.troubles import CannotRun, DiskFull, PortTaken

HOST = "127.0.0.1"
SUPERUSER = "postgres"
# Everything of a local run has this password, by which production knows it and refuses it.
PASSWORD = "development"  # noqa: S105
START_SECONDS = 30.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL, and its superuser's address; `pid` is None if it is somebody else's to stop."""

    url: str
    pid: int | None
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False, compare=False)

    @property
    def runs(self) -> bool:
        """Whether its process lives; somebody else's server is theirs to watch."""
        if self._process is not None:
            return self._process.poll() is None
        return self.pid is None or lives(self.pid)

    def url_of(self, role: str, database: str) -> str:
        """The address of a database for a role that has the local password."""
        place = self.url.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{role}:{PASSWORD}@{place}/{database}"


async def start(data_directory: Path, port: int, *, fsync: bool = True) -> Server:
    """The server of this folder on this port, ready for connections.

    Makes the folder on first use, adopts a server that still runs there, and clears away what a killed one left.
    `DATABASE_URL` names a server to use instead. `fsync=False` is for data that are thrown away. Raises `CannotRun`
    with a sentence for people.
    """
    if given := os.environ.get("DATABASE_URL"):
        return Server(given, None)
    account = server_account()
    try:
        home = account.folder(data_directory)
        with _alone(home):
            programs = binaries.find(account, home)
            await _create_cluster(programs, home, account, fsync=fsync)
            return await _adopt(home / "cluster", port) or await _launch(programs, home, port, account, fsync=fsync)
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            raise DiskFull(data_directory) from None
        raise


async def stop(server: Server) -> None:
    """Stop the server: open connections are ended, what was committed is kept."""
    if server.pid is None:
        return
    for how in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(server.pid, how)
        except ProcessLookupError:
            break
        if await _gone(server):
            break


async def stop_left_behind(data_directory: Path) -> None:
    """Stop the server of this folder if one runs, whoever started it."""
    if pid := living_server(data_directory.resolve() / "cluster"):
        await stop(Server("", pid))


@asynccontextmanager
async def running(data_directory: Path, port: int, *, fsync: bool = True) -> AsyncIterator[Server]:
    """The server of this folder for the length of a block."""
    server = await start(data_directory, port, fsync=fsync)
    try:
        yield server
    finally:
        await stop(server)


def remove(data_directory: Path) -> None:
    """Remove a stopped server's folder."""
    remove_folder(data_directory)


def free_port() -> int:
    """A port that nothing uses at this moment, and that no system gives to a connection that somebody opens meanwhile.

    Systems take those from 32768 on, or from 49152.
    """
    while True:
        port = 15_000 + secrets.randbelow(17_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind((HOST, port))
            return port


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Two starts in one folder follow each other; the system gives the lock back when its holder dies."""
    with (home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def _create_cluster(programs: Path, home: Path, account: Account, *, fsync: bool) -> None:
    cluster = home / "cluster"
    if cluster.exists():
        return
    # The folder gets its name when it is whole, so that a killed beginning is begun again.
    half = home / "half-made"
    remove_folder(half)
    password = home / "password"
    password.write_text(PASSWORD)
    account.own(password)
    command: list[str | Path] = [programs / "initdb", "-D", half, "-U", SUPERUSER, "--pwfile", password]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
    command += ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not fsync:
        command.append("--no-sync")
    made = await asyncio.to_thread(
        lambda: subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, **account.options)
    )
    if made.returncode:
        raise _trouble(made.stderr, home)
    half.rename(cluster)


async def _adopt(cluster: Path, port: int) -> Server | None:
    """The server that already runs in this folder, once it is ready; None if none does."""
    deadline = _deadline(START_SECONDS)
    while (lines := pid_file(cluster)) and (pid := living_server(cluster)):
        if len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready":
            found = int(lines[PORT_LINE])
            if found != port:
                raise CannotRun(f"PostgreSQL already runs for this folder, on port {found} instead of {port}.")
            server = Server(_superuser_url(port), pid)
            if await _answers(server):
                return server
        if _now() > deadline:
            raise CannotRun(f"A PostgreSQL runs in {cluster} (process {pid}) and does not answer: end it, start again.")
        await asyncio.sleep(POLL_SECONDS)
    await _clear_away(cluster)
    return None


async def _clear_away(cluster: Path) -> None:
    """Remove a dead server's pid file, as soon as the last process that it started has left the data."""
    deadline = _deadline(START_SECONDS)
    while remnants := [process for process in processes_in(cluster) if process.status() != psutil.STATUS_ZOMBIE]:
        if _now() > deadline:
            raise CannotRun(f"A killed PostgreSQL left process {remnants[0].pid} behind: end it and start again.")
        await asyncio.sleep(POLL_SECONDS)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


async def _launch(programs: Path, home: Path, port: int, account: Account, *, fsync: bool) -> Server:
    _check_port(port)
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", home / "cluster", *_options(port, fsync=fsync)],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Ctrl-C is for whoever started us: they stop the services first and this server last.
            start_new_session=True,
            **account.options,
        )
    server = Server(_superuser_url(port), process.pid, process)
    deadline = _deadline(START_SECONDS)
    while not (is_ready(home / "cluster", process.pid) and await _answers(server)):
        if process.poll() is not None:
            raise _trouble(log.read_text(errors="replace"), home, port)
        if _now() > deadline:
            process.kill()
            process.wait()
            raise CannotRun(f"PostgreSQL was not ready within {START_SECONDS:.0f} seconds; {log} may say why.")
        await asyncio.sleep(POLL_SECONDS)
    return server


def _options(port: int, *, fsync: bool) -> Iterator[str]:
    settings = {
        "port": port,
        "listen_addresses": HOST,
        # Sockets in the file system would be left behind by a killed server.
        "unix_socket_directories": "",
        "max_connections": 300,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        "max_wal_size": "1GB",
    }
    if not fsync:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
    for name, value in settings.items():
        yield from ("-c", f"{name}={value}")


def _trouble(output: str, home: Path, port: int = 0) -> CannotRun:
    if "No space left on device" in output:
        return DiskFull(home)
    if "Address already in use" in output or "could not bind" in output:
        return PortTaken(port, "PostgreSQL")
    lines = [line for line in output.splitlines() if "FATAL" in line or "error" in line] or output.splitlines()
    return CannotRun(f"PostgreSQL did not start: {lines[-1] if lines else 'it said nothing'}")


def _check_port(port: int) -> None:
    with socket.socket() as listener:
        # A connection that has just been closed does not count as somebody who listens.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            raise PortTaken(port, "PostgreSQL") from None


async def _answers(server: Server) -> bool:
    try:
        connection = await asyncpg.connect(server.url, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


async def _gone(server: Server) -> bool:
    deadline = _deadline(STOP_SECONDS)
    while _now() < deadline:
        if not server.runs:
            return True
        await asyncio.sleep(POLL_SECONDS)
    return False


def _superuser_url(port: int) -> str:
    return f"postgresql://{SUPERUSER}:{PASSWORD}@{HOST}:{port}/postgres"


def _now() -> float:
    return asyncio.get_running_loop().time()


def _deadline(seconds: float) -> float:
    return _now() + seconds
