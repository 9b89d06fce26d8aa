"""A real browser for the pages: Debian's Chromium, installed where that is possible."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.desk import Desk, answering
from tests.conftest import Running


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for words in (["update"], ["install", "--yes", "chromium"]):
            subprocess.run(["apt-get", "-qq", *words], check=False, capture_output=True, timeout=300)
        found = shutil.which("chromium")
    if found is None:
        pytest.skip(
            "NOT TESTED IN A BROWSER: Chromium is missing and could not be installed (apt-get install chromium)."
        )
    return found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = _chromium()
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
        running = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        await running.close()


@pytest.fixture
async def desk(running: Running, browser: Browser) -> AsyncIterator[Desk]:
    async with answering(running, browser) as desk:
        yield desk
