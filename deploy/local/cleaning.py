"""Takes the local system away: stops it if it runs, and removes what it kept."""

import asyncio
import shutil
import time
from pathlib import Path

from deploy import CannotRun
from deploy.local import postgres
from deploy.local.ownership import LOCK, Record, runner
from deploy.local.progress import say

STOP_SECONDS = 120.0
POLL_SECONDS = 0.1


async def clean(folder: Path) -> None:
    """Stop the system of a folder and remove the folder; one in which no system ever ran is left alone."""
    if not (folder / LOCK).exists():
        return
    if process := runner(folder):
        say(f"Stopping the system that runs in {folder} …")
        process.terminate()
        await _until_gone(process.pid, folder)
    Record(folder / "processes").end_left_behind()
    await postgres.stop_left_behind(folder / "postgres")
    postgres.remove(folder / "postgres")
    shutil.rmtree(folder)


async def _until_gone(pid: int, folder: Path) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if runner(folder) is None:
            return
        await asyncio.sleep(POLL_SECONDS)
    raise CannotRun(f"Process {pid}, which runs the system in {folder}, does not end.")
