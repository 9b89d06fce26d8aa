"""One running reviews service for these tests, emptied before each; its present day is the demo's."""

from collections.abc import AsyncIterator

import pytest

from chassis.base import clock
from deploy.local.postgres import Server
from tests.support.returns.council import DIRECTORY, PRESENT_DAY, Council, until
from tests.support.sharing import Shared, shared_service


@pytest.fixture(scope="session")
async def shared(postgres: Server) -> AsyncIterator[Shared]:
    async with shared_service(postgres, "reviews", DIRECTORY) as running:
        yield running


@pytest.fixture
async def council(shared: Shared) -> AsyncIterator[Council]:
    await shared.begin_anew()
    with clock.shifted(until(PRESENT_DAY)):
        async with shared.client() as client:
            yield Council(client)
