"""Takes the local system away: stops it if it runs, and removes what it kept."""

import shutil
from pathlib import Path

import psutil

from deploy.local import postgres
from deploy.local.ownership import LOCK, Record, runner
from deploy.local.progress import say
from deploy.local.troubles import CannotRun

STOP_SECONDS = 120.0


async def clean(folder: Path) -> None:
    """Stop the system of a folder and remove the folder; one in which no system ever ran is left alone."""
    if not (folder / LOCK).exists():
        return
    if process := runner(folder):
        say(f"Stopping the system that runs in {folder} …")
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            raise CannotRun(f"Process {process.pid}, which runs the system in {folder}, does not end.") from None
    Record(folder / "processes").end_left_behind()
    await postgres.stop_left_behind(folder / "postgres")
    postgres.remove(folder / "postgres")
    shutil.rmtree(folder)
