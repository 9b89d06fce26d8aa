"""What PostgreSQL's folder of data, and the processes of this machine, say about the server that runs in it."""

from collections.abc import Iterator
from pathlib import Path

import psutil

# Of the lines of postmaster.pid: the process, the port, and whether it takes connections.
PID_LINE, PORT_LINE, STATUS_LINE = 0, 3, 7


def pid_file(cluster: Path) -> list[str]:
    """The lines of the server's pid file; none if there is no file."""
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def living_server(cluster: Path) -> int | None:
    """The process that the pid file names, if it lives and is this folder's server; a dead or reused number is not."""
    try:
        process = psutil.Process(int(pid_file(cluster)[PID_LINE]))
        if process.status() == psutil.STATUS_ZOMBIE or Path(process.cwd()) != cluster:
            return None
    except (psutil.Error, IndexError, ValueError):
        return None
    return int(process.pid)


def processes_in(cluster: Path) -> Iterator[psutil.Process]:
    """Every process that works in the folder."""
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()) == cluster:
                yield process
        except psutil.Error:
            continue


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the server of this process takes connections."""
    lines = pid_file(cluster)
    return len(lines) > STATUS_LINE and lines[PID_LINE] == str(pid) and lines[STATUS_LINE].strip() == "ready"


def lives(pid: int) -> bool:
    """Whether a process has not ended."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
