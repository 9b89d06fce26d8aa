"""A gateway before running services of three kinds, and a way to sign in there."""

from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.clients import make
from gateway.app import web
from gateway.settings import GatewaySettings
from tests.support import keys
from tests.support.conferences.desk import DIRECTORY as CONFERENCES_DIRECTORY
from tests.support.conferences.desk import Desk as ConferencesDesk
from tests.support.escalations.desk import DIRECTORY as ESCALATIONS_DIRECTORY
from tests.support.escalations.desk import Desk
from tests.support.reviews.office import DIRECTORY as REVIEWS_DIRECTORY
from tests.support.reviews.office import Office
from tests.support.running import Running
from tests.support.serving import listening
from tests.support.waiting import PATIENCE

# The journeys speak through the published client: its generated part is made from the document first.
make()


@pytest.fixture
async def office(running: Running) -> Office:
    office = Office(await running("reviews", log_level="error"))
    await office.rows(REVIEWS_DIRECTORY)
    return office


@pytest.fixture
async def desk(running: Running, conferences: ConferencesDesk) -> Desk:
    asked = str(conferences.client.base_url)
    desk = Desk(await running("escalations", log_level="error", conferences_url=asked))
    await desk.rows(ESCALATIONS_DIRECTORY)
    return desk


@pytest.fixture
async def conferences(running: Running) -> ConferencesDesk:
    desk = ConferencesDesk(await running("conferences", log_level="error"))
    await desk.rows(CONFERENCES_DIRECTORY)
    return desk


@pytest.fixture
async def gateway(office: Office, desk: Desk, conferences: ConferencesDesk) -> AsyncIterator[httpx.AsyncClient]:
    settings = GatewaySettings(
        environment="development",
        internal_signing_key=keys.private_jwk("gateway"),
        services={
            "reviews": str(office.client.base_url),
            "escalations": str(desk.client.base_url),
            "conferences": str(conferences.client.base_url),
        },
        development_sign_in=True,
        development_people={"chair": "chair-1", "performance_analyst": "analyst-1"},
        log_level="error",
    )
    async with (
        listening(web(settings)) as address,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE, verify=False) as client,
    ):
        yield client
