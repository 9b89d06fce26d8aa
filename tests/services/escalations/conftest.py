"""One running escalations service for all of these tests, emptied before each."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.postgres import Server
from tests.support.directory import directory
from tests.support.escalations.desk import DIRECTORY, Desk
from tests.support.sharing import Shared, shared_service


@pytest.fixture(scope="session")
async def shared(postgres: Server) -> AsyncIterator[Shared]:
    async with (
        directory() as names,
        shared_service(postgres, "escalations", DIRECTORY, notifications_url=names) as running,
    ):
        yield running


@pytest.fixture
async def desk(shared: Shared) -> AsyncIterator[Desk]:
    await shared.begin_anew()
    async with shared.client() as client:
        yield Desk(client)
