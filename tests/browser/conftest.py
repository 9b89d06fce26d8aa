"""The desk at which the browser's tests sit."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.support.browser import Desk, answering
from tests.support.running import Running


@pytest.fixture
async def desk(running: Running, browser: Browser) -> AsyncIterator[Desk]:
    async with answering(running, browser) as desk:
        yield desk
