"""What of this machine belongs to a local system: its folder while it runs, and the processes that it started."""

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy import CannotRun

LOCK = "run.lock"
END_SECONDS = 5.0
# The file of a process is written a moment after it began; whoever began later only has its number.
MOMENT = 1.0


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for the length of a block; the system gives it back when its holder dies."""
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"The system already runs in {folder} (process {_holder(folder)}): "
                "stop it there with Ctrl-C, or from anywhere with `make clean`."
            ) from None
        lock.truncate(0)
        lock.write(str(psutil.Process().pid))
        lock.flush()
        yield


def runner(folder: Path) -> psutil.Process | None:
    """The process that holds the folder at this moment."""
    try:
        with alone(folder):
            return None
    except CannotRun:
        return psutil.Process(_holder(folder))


def _holder(folder: Path) -> int:
    return int((folder / LOCK).read_text())


class Record:
    """The processes of a folder, each in a file, so that a killed run's can be found and ended."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def add(self, name: str, pid: int, command: Sequence[str]) -> None:
        """Write down a process that was just started."""
        self._place(name).write_text(json.dumps({"pid": pid, "command": list(command)}))

    def remove(self, name: str) -> None:
        """Forget a process that ended."""
        self._place(name).unlink(missing_ok=True)

    def end_left_behind(self) -> None:
        """End what a killed run left; a process that merely has the number of one of ours is left alone."""
        ours = [process for place in self._folder.glob("*.json") if (process := _ours(place))]
        for process in ours:
            process.terminate()
        _, stubborn = psutil.wait_procs(ours, timeout=END_SECONDS)
        for process in stubborn:
            process.kill()
        psutil.wait_procs(stubborn, timeout=END_SECONDS)
        for place in self._folder.glob("*.json"):
            place.unlink()

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _ours(place: Path) -> psutil.Process | None:
    """The process that a file tells of, if it still is that one: the same command, and no younger than the file."""
    try:
        told = json.loads(place.read_text())
        process = psutil.Process(told["pid"])
        is_same = process.cmdline() == told["command"] and process.create_time() <= place.stat().st_mtime + MOMENT
    except (psutil.Error, ValueError, KeyError, OSError):
        return None
    return process if is_same else None
