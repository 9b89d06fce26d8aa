"""A running gateway between real services and a real sign-in service, each on its own port."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from gateway.app import web
from tests.support.gateway.world import SignInService, SmallService, World
from tests.support.running import GatewayWith
from tests.support.serving import listening
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="session", autouse=True)
def _addresses_left_alone() -> Iterator[None]:
    """The server believes nobody's X-Forwarded-For, as where the gateway is deployed: that is the door's decision."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORWARDED_ALLOW_IPS", "")
        yield


@pytest.fixture(scope="session")
async def running_world() -> AsyncIterator[World]:
    """The services and the sign-in service, the same for all tests."""
    sign_in = SignInService()
    escalations, notifications = SmallService("escalations", "escalations"), SmallService("notifications", "messages")
    async with (
        listening(sign_in.app) as sign_in.address,
        listening(escalations.app()) as first,
        listening(notifications.app()) as second,
    ):
        yield World(sign_in, escalations, notifications, {"escalations": first, "notifications": second})


@pytest.fixture
def world(running_world: World) -> Iterator[World]:
    """They, who know afterwards nothing of what one test told or asked them."""
    yield running_world
    for service in (running_world.escalations, running_world.notifications):
        service.answers, service.asked, service.entries = {}, [], []


@pytest.fixture(scope="session")
async def gateway(running_world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway with the usual settings."""
    async with (
        listening(web(running_world.settings())) as address,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE, verify=False) as client,
    ):
        yield client


@pytest.fixture
async def gateway_with(world: World) -> AsyncIterator[GatewayWith]:
    """Run a gateway of the test's own.

    `client = await gateway_with(request_burst=2)`.
    """
    async with AsyncExitStack() as stack:

        async def run(**changes: Any) -> httpx.AsyncClient:
            address = await stack.enter_async_context(listening(web(world.settings(**changes))))
            return await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=PATIENCE, verify=False))

        yield run
