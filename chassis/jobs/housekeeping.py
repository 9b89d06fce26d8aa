"""What every service forgets in time, and what its audit needs next month."""

import asyncio
from datetime import timedelta

from chassis.access import audit
from chassis.base import clock
from chassis.events import deliveries
from chassis.process import Process

EVERY_SECONDS = 3600
ALIVE_SECONDS = 60
FORGET = "DELETE FROM {0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {0} WHERE at < $1 LIMIT 10000))"
# By then nobody sends a request again.
ANSWERS_KEPT = timedelta(days=7)
# Longer than any publisher tries to deliver an event, and than anybody would replay one.
RECEIVED_KEPT = timedelta(days=90)


async def keep_house(process: Process) -> None:
    """Delete what is past its time, and make room for the coming months, hourly, until cancelled."""
    while True:
        now = clock.now()
        told = timedelta(days=process.settings.delivered_events_kept_days)
        for statement, kept in (
            (FORGET.format("chassis.idempotent_answer"), ANSWERS_KEPT),
            (FORGET.format("chassis.received"), RECEIVED_KEPT),
            (deliveries.FORGET, told),
        ):
            # Some at a time, so that no backlog is too long for a statement's time limit.
            more = True
            while more:
                process.beat(ALIVE_SECONDS)
                gone = f"WITH gone AS ({statement} RETURNING 1) SELECT count(*) AS count FROM gone"
                more = bool((await process.database.statements.first_row(gone, now - kept))["count"])
        await process.database.statements.first_row(audit.MAKE_PARTITIONS, now)
        for _ in range(EVERY_SECONDS // ALIVE_SECONDS):
            process.beat(2 * ALIVE_SECONDS)
            await asyncio.sleep(ALIVE_SECONDS)
