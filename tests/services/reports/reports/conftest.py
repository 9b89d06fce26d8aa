"""A reports service, and whoever counts for it."""

from collections.abc import AsyncIterator

import pytest

from chassis.access.callers import Role
from chassis.events.directory_replica import keep_entry
from demo.tables import FIGURES
from tests.support.directory import directory
from tests.support.reports.desk import ANALYST, MANAGER, OTHER_MANAGER, Counting, Desk
from tests.support.running import Running
from tests.support.serving import listening


@pytest.fixture
async def desk(running: Running) -> AsyncIterator[Desk]:
    counting = Counting()
    async with listening(counting.app()) as address, directory() as names:
        addresses = dict.fromkeys(("reviews_url", "conferences_url", "escalations_url"), address)
        client = await running("reports", **addresses, notifications_url=names, published_tables=FIGURES)
        async with client.process.database.transaction() as session:
            for role, who in (MANAGER, OTHER_MANAGER, ANALYST, (Role.CHAIR, "chair-1")):
                await keep_entry(session, "colleague", who, 1, {"roles": [role]})
        yield Desk(client, counting)
