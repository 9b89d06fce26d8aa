"""What every service forgets in time: answers to repeated requests, and events that were told and heard long ago."""

import asyncio
from datetime import timedelta

from chassis import clock, deliveries, idempotency, inbox
from chassis.work import Work

EVERY_SECONDS = 3600


async def keep_house(work: Work) -> None:
    """Delete what is past its time, hourly, until cancelled."""
    while True:
        now = clock.now()
        async with work.database.transaction() as session:
            await idempotency.forget_old(session, now)
            await inbox.forget_old(session, now)
        kept = timedelta(days=work.settings.delivered_events_kept_days)
        await work.database.statements.rows(deliveries.FORGET, now - kept)
        work.beat(EVERY_SECONDS + 60)
        await asyncio.sleep(EVERY_SECONDS)
