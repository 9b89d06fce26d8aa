"""What every service forgets in time: answers kept for repeated requests."""

import asyncio

from chassis import clock, idempotency
from chassis.work import Work

EVERY_SECONDS = 3600


async def keep_house(work: Work) -> None:
    """Delete what is past its time, hourly, until cancelled."""
    while True:
        async with work.database.transaction() as session:
            await idempotency.forget_old(session, clock.now())
        await asyncio.sleep(EVERY_SECONDS)
