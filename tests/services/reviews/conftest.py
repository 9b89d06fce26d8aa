"""One running reviews service for all of these tests, emptied before each."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from deploy.local.postgres import Server
from tests.support.children.replica import owner
from tests.support.directory import directory
from tests.support.reviews.office import DIRECTORY, Office
from tests.support.settings import OF_THE_COUNCIL
from tests.support.sharing import Shared, shared_service

# How long an example takes depends on the machine, not on the rules.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
async def shared(postgres: Server) -> AsyncIterator[Shared]:
    async with owner() as children, directory() as names:
        asked = {"children_url": children, "notifications_url": names} | OF_THE_COUNCIL
        async with shared_service(postgres, "reviews", DIRECTORY, **asked) as running:
            yield running


@pytest.fixture
async def office(shared: Shared) -> AsyncIterator[Office]:
    await shared.begin_anew()
    async with shared.client() as client:
        yield Office(client)
