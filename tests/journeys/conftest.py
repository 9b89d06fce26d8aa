"""A gateway before running services of three kinds; and the demonstration's system, loaded once for all who read it."""

import signal
from collections.abc import AsyncIterator, Iterator

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
from tests.support.journeys.demonstration import interrupt_loading
from tests.support.reviews.office import DIRECTORY as REVIEWS_DIRECTORY
from tests.support.reviews.office import Office
from tests.support.running import Running
from tests.support.serving import listening
from tests.support.system import System, new_system
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


# What the demonstration says at the end of one part; it is then in the middle of the next.
INTERRUPTED_AFTER = (
    "reviews of April 2018",
    "words of feedback, and",
    "enquiries and",
    "checks, discussions",
    "emails: quarterly escalations of 2019-Q2",
)


@pytest.fixture(scope="package")
def system() -> Iterator[System]:
    """The demonstration's first start, after loading was interrupted in the middle of each of its parts."""
    with new_system(demo=False) as system:
        system.start()
        for words in INTERRUPTED_AFTER:
            interrupt_loading(system, words)
        assert system.stop(signal.SIGINT) == 0
        (system.folder / "demo-loaded").unlink()
        system.start()
        assert (system.folder / "demo-loaded").exists(), system.said()
        yield system
