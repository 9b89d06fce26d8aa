"""What the tests stand on: one throwaway PostgreSQL for the run, a fresh database and a running service for each test."""

import asyncio
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chassis.base import clock
from chassis.base.settings import Settings
from deploy.local import postgres as launcher
from deploy.local.postgres import Server
from deploy.services import service_named
from tests.support.databases import Databases
from tests.support.running import DatabaseOf, Running
from tests.support.serving import Client, free_port, listening
from tests.support.settings import settings_for

if TYPE_CHECKING:
    from chassis.service import Service

TESTS = Path(__file__).parent
# Folders of tests that start processes, whole systems or outside programs, and fixtures that do.
SYSTEMS = {"browser", "deploy", "faults", "journeys", "returns"}
PROGRAMS = {"browser", "nginx_before", "provider"}
# Folders of tests that go through all services one after the other.
ALL_SERVICES = {"contracts", "demo"}
LONGEST_ID = 200

pytest_plugins = ["tests.support.chromium", "tests.support.nginx"]

_started: list[tuple[Server, Path]] = []


def _start_server() -> Server:
    """The run's own server; PostgreSQL may run as `nobody`, who cannot enter pytest's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="chairs-tests-"))
    folder.chmod(0o711)
    server = asyncio.run(launcher.start(folder / "postgres", free_port(), fsync=False))
    _started.append((server, folder))
    return server


def pytest_configure() -> None:
    """Begin at noon: a run that passes midnight would find that its today is the services' yesterday."""
    now = clock.now().astimezone(clock.LONDON)
    clock.shift(now.replace(hour=12, minute=0, second=0, microsecond=0) - now)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the one server to each of pytest-xdist's workers."""
    server = _started[0][0] if _started else _start_server()
    node.workerinput["postgres"] = server.url


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Look for no garbage while tests are collected, nor ever again among them: they stay until the run's end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def fixtures_of(item: pytest.Item) -> dict[str, Any]:
    """The fixtures that a test stands on, by name."""
    found: dict[str, Any] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 -- pytest has no public way.
    return found


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of a long text by its length: whoever reads the name of a test has seen enough by then."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_ID:
        return f"{argname} of {len(val)} characters"
    return None


def tier_of(item: pytest.Item) -> str | None:
    """The marker of a test's tier, by what it stands on; none for the tests that one runs all day."""
    folder, fixtures = item.path.relative_to(TESTS).parts[0], fixtures_of(item).keys()
    if folder in SYSTEMS or PROGRAMS & fixtures:
        return "slow"
    if "postgres" in fixtures:
        return "slow" if folder in ALL_SERVICES else "database"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests with their tier, and keep tests that share what a module or a folder sets up once with one worker.

    First of all: pytest-xdist itself reads the groups in this hook.
    """
    for item in items:
        if tier := tier_of(item):
            item.add_marker(tier)
        shared = {fixture.scope for several in fixtures_of(item).values() for fixture in several}
        module = item.nodeid.partition("::")[0]
        if "package" in shared:
            item.add_marker(pytest.mark.xdist_group(module.rpartition("/")[0]))
        elif "module" in shared:
            item.add_marker(pytest.mark.xdist_group(module))


def pytest_unconfigure() -> None:
    """Stop the server at the run's end, and remove what it kept."""
    for server, folder in _started:
        asyncio.run(launcher.stop(server))
        shutil.rmtree(folder, ignore_errors=True)
    _started.clear()


@pytest.fixture(scope="session")
async def postgres(request: pytest.FixtureRequest) -> Server:
    """The run's PostgreSQL: the same for all workers."""
    workerinput = getattr(request.config, "workerinput", None)
    if workerinput is not None:
        return Server(workerinput["postgres"], None)
    return await asyncio.to_thread(_start_server)


@pytest.fixture(scope="session")
async def databases(postgres: Server) -> AsyncIterator[Databases]:
    """The databases that this worker's tests use one after the other."""
    kept = Databases(postgres)
    yield kept
    await kept.drop_all()


@pytest.fixture
async def database_of(databases: Databases) -> AsyncIterator[DatabaseOf]:
    """Make the settings of a service with an empty, migrated database of its own.

    `await database_of("escalations", answer_days=5)`: a service's name, or a `Service` that the test describes, and
    whatever its settings should say besides.
    """
    taken: list[tuple[Service, str]] = []

    async def take(service: "str | Service", **changes: Any) -> Settings:
        described = service_named(service) if isinstance(service, str) else service
        name, addresses = await databases.take(described)
        taken.append((described, name))
        return settings_for(described, addresses, **changes)

    yield take
    for described, name in taken:
        await databases.give_back(described, name)


@pytest.fixture
async def running(database_of: DatabaseOf) -> AsyncIterator[Running]:
    """Run a service's web process on a real port in this event loop, and give a client of it.

    `client = await running("escalations")`, then `await client.get("/v1/…", headers=client.as_(Role.CHAIR))`. With
    `settings=` the service runs on settings, and so on a database, that the test already has; anything else changes
    its settings.
    """
    async with AsyncExitStack() as stack:

        async def run(
            service: "str | Service", settings: Settings | None = None, *, port: int = 0, **changes: Any
        ) -> Client:
            described = service_named(service) if isinstance(service, str) else service
            chosen = settings or await database_of(described, **changes)
            app = described.web(chosen)
            address = await stack.enter_async_context(listening(app, port))
            return await stack.enter_async_context(Client(address, app, chosen))

        yield run
