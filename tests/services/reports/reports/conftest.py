"""A reports service, and whoever counts for it."""

from collections.abc import AsyncIterator

import pytest

from chassis.events.directory_replica import keep_entry
from demo.tables import FIGURES
from tests.support.directory import directory
from tests.support.reports.desk import Counting, Desk
from tests.support.running import Running
from tests.support.serving import listening


@pytest.fixture
async def desk(running: Running) -> AsyncIterator[Desk]:
    counting = Counting()
    async with listening(counting.app()) as address, directory() as names:
        addresses = dict.fromkeys(("reviews_url", "conferences_url", "escalations_url"), address)
        client = await running("reports", **addresses, notifications_url=names, published_tables=FIGURES)
        async with client.process.database.transaction() as session:
            for who in ("manager-1", "analyst-1", "chair-1"):
                await keep_entry(session, "colleague", who, 1, {})
        yield Desk(client, counting)
