"""One running conferences service for all of these tests, emptied before each."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.postgres import Server
from tests.support.children.replica import owner
from tests.support.conferences.desk import DIRECTORY, Desk
from tests.support.directory import directory
from tests.support.settings import OF_THE_COUNCIL
from tests.support.sharing import Shared, shared_service


@pytest.fixture(scope="session")
async def shared(postgres: Server) -> AsyncIterator[Shared]:
    async with owner() as children, directory() as names:
        asked = {"children_url": children, "notifications_url": names} | OF_THE_COUNCIL
        async with shared_service(postgres, "conferences", DIRECTORY, **asked) as running:
            yield running


@pytest.fixture
async def desk(shared: Shared) -> AsyncIterator[Desk]:
    await shared.begin_anew()
    async with shared.client() as client:
        yield Desk(client)
