"""One running children service for all of these tests, emptied before each."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.postgres import Server
from tests.support.children.desk import DIRECTORY, Desk, Others
from tests.support.serving import listening
from tests.support.sharing import Shared, shared_service


@pytest.fixture(scope="session")
def others() -> Others:
    return Others()


@pytest.fixture(scope="session")
async def shared(postgres: Server, others: Others) -> AsyncIterator[Shared]:
    async with listening(others.app()) as url:
        asked = {f"{name}_url": f"{url}/{name}" for name in ("reviews", "conferences")}
        async with shared_service(postgres, "children", DIRECTORY, **asked) as running:
            yield running


@pytest.fixture
async def desk(shared: Shared, others: Others) -> AsyncIterator[Desk]:
    await shared.begin_anew()
    others.begin_anew()
    async with shared.client() as client:
        yield Desk(client, others)
