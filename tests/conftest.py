"""What the tests stand on: one throwaway PostgreSQL for the run, a fresh database and a running service for each test."""

import asyncio
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.settings import Settings
from deploy.local import postgres as launcher
from deploy.local.databases import Addresses, create_database, quoted
from deploy.local.postgres import Server
from deploy.services import service_named
from tests import keys
from tests.serving import Client, listening

if TYPE_CHECKING:
    from chassis.service import Service

pytest_plugins = ["tests.chromium"]

DatabaseOf = Callable[..., Awaitable[Settings]]
Running = Callable[..., Awaitable[Client]]

_started: list[tuple[Server, Path]] = []


def _start_server() -> Server:
    """The run's own server; PostgreSQL may run as `nobody`, who cannot enter pytest's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="chairs-tests-"))
    folder.chmod(0o711)
    server = asyncio.run(launcher.start(folder / "postgres", launcher.free_port(), fsync=False))
    _started.append((server, folder))
    return server


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share what a module sets up once with one worker, so that it is set up once.

    First of all: pytest-xdist itself reads the groups in this hook.
    """
    for item in items:
        fixtures = getattr(item, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009 -- pytest has no public way.
        if any(one.scope == "module" for several in fixtures for one in several):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


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


def settings_for(service: "Service", addresses: Addresses, **changes: Any) -> Settings:
    """A service's settings in the tests: generated keys, its own database, nobody to tell events to."""
    given: dict[str, Any] = {
        "environment": "development",
        "service_name": service.name,
        "database_url": addresses.runtime,
        "migration_database_url": addresses.owner,
        "internal_signing_key": keys.private_jwk(service.name),
        "internal_trusted_keys": keys.trusted_keys(service.name),
        "webhook_publishers": {name: [keys.webhook_secret(name)] for name in keys.ISSUERS},
        "pool_size": 4,
    }
    return service.settings(**given | changes)


async def _template(server: Server, service: "Service") -> str:
    """A migrated database of this service to copy, made once for the run whoever needs it first."""
    name = f"template_{service.name}"
    connection = await asyncpg.connect(server.url)
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
        if not await connection.fetchval("SELECT datistemplate FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
            addresses = await create_database(server, name, f"{service.name}_owner", service.name)
            await service.migrate(settings_for(service, addresses))
            await connection.execute(f"ALTER DATABASE {quoted(name)} IS_TEMPLATE true")
    finally:
        await connection.close()
    return name


@pytest.fixture
async def database_of(postgres: Server) -> AsyncIterator[DatabaseOf]:
    """Make the settings of a service with a fresh, migrated database of its own.

    `await database_of("escalations", answer_days=5)`: a service's name, or a `Service` that the test describes, and
    whatever its settings should say besides.
    """
    made: list[str] = []

    async def make(service: "str | Service", **changes: Any) -> Settings:
        described = service_named(service) if isinstance(service, str) else service
        template = await _template(postgres, described)
        name = f"{described.name}_{uuid4().hex[:12]}"
        made.append(name)
        owner, runtime = f"{described.name}_owner", described.name
        addresses = await create_database(postgres, name, owner, runtime, template=template)
        return settings_for(described, addresses, **changes)

    yield make
    connection = await asyncpg.connect(postgres.url)
    for name in made:
        await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
    await connection.close()


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
