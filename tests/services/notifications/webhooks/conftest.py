"""Notifications that deliver events, and a system outside that receives them."""

from collections.abc import AsyncIterator

import pytest

from tests.support.notifications.webhooks import Listener
from tests.support.running import Running
from tests.support.serving import Client, listening


@pytest.fixture
async def notifications(running: Running) -> Client:
    return await running("notifications", worker_in_web=True, allow_private_webhook_addresses=True)


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    listener = Listener()
    async with listening(listener.app) as address:
        yield listener, f"{address}/hook"
