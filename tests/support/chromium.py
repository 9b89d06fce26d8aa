"""A real browser for the pages: Debian's Chromium, installed where that is possible."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
LOCK = Path(tempfile.gettempdir()) / "chairs-tests-chromium.lock"


def _found() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _chromium() -> str:
    """Where it is; where it is missing one of the run's workers installs it, while the others wait until it is whole."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _found() is None and os.geteuid() == 0 and shutil.which("apt-get"):
            for words in (["update"], ["install", "--yes", "chromium"]):
                subprocess.run(["apt-get", "-qq", *words], check=False, capture_output=True, timeout=300)
    found = _found()
    if found is None:
        pytest.skip(
            "NOT TESTED IN A BROWSER: Chromium is missing and could not be installed (apt-get install chromium)."
        )
    return found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One running Chromium for a worker's tests."""
    program = _chromium()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        await running.close()
