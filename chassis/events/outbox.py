"""The relay: delivers every event to each of its subscribers at least once.

It sleeps until a commit wakes it. Each subscriber has a sender of its own, so that one that is slow or down holds up
nobody else. Nothing is sent while a transaction is open.
"""

import asyncio
from contextlib import suppress
from datetime import datetime

import asyncpg
import httpx
from prometheus_client import Gauge

from chassis.base import clock
from chassis.base.http import http_client
from chassis.events import deliveries
from chassis.events.deliveries import Recipient, all_recipients, own_recipients
from chassis.events.sender import Sender
from chassis.process import Process

# The relay looks by itself as often as this, should a wake-up get lost.
POLL_SECONDS = 5.0
ADDRESSED_AT_ONCE = 1000
# A round takes at most some statements, each with a time limit.
ALIVE_SECONDS = 40.0
OUTSIDE_TIMEOUT = httpx.Timeout(15, connect=5, pool=5)
OUTSIDE_CONNECTIONS_PER_HOST = 10
STOP_SECONDS = 5.0

OLDEST = Gauge("outbox_oldest_seconds", "Age of the oldest event that is not yet delivered to everybody.", ["service"])
WAITING = Gauge("outbox_waiting_deliveries", "Deliveries that wait for their next try.", ["service"])
PARKED = Gauge("outbox_parked_deliveries", "Deliveries given up after their last try.", ["service"])


async def relay(process: Process) -> None:
    """Deliver events to subscribers, until cancelled."""
    listening = await process.database.listen_connection()
    public_only = not process.settings.allow_private_webhook_addresses
    try:
        async with http_client(
            OUTSIDE_TIMEOUT, per_host=OUTSIDE_CONNECTIONS_PER_HOST, public_only=public_only
        ) as outside:
            await Relay(process, outside).run(listening)
    finally:
        with suppress(OSError, asyncpg.InterfaceError, TimeoutError):
            await listening.close(timeout=2)


class Relay:
    """Addresses new events to their subscribers and keeps a sender at work for each that has something due."""

    def __init__(self, process: Process, outside: httpx.AsyncClient) -> None:
        self.process = process
        self._outside = outside
        self._woken = asyncio.Event()
        self._senders: dict[str, Sender] = {}
        # However busy it is with what is new, the relay looks for what is due once more from time to time.
        self._looks_at = 0.0

    async def run(self, listening: asyncpg.Connection) -> None:
        """Work until cancelled; then give back what was taken."""
        listening.add_termination_listener(lambda *_: self._woken.set())
        await listening.add_listener(deliveries.CHANNEL, lambda *_: self._woken.set())
        try:
            pause = 0.0
            while True:
                self.process.beat(ALIVE_SECONDS)
                try:
                    await asyncio.wait_for(self._woken.wait(), pause)
                except TimeoutError:
                    # A connection that was lost without a word looks alive until it is asked.
                    await listening.fetchval("SELECT 1")
                if listening.is_closed():
                    raise ConnectionError("The connection for wake-ups was lost.")
                # Whatever commits from here on wakes us again.
                self._woken.clear()
                if await self.address_new() and asyncio.get_running_loop().time() < self._looks_at:
                    pause = POLL_SECONDS
                else:
                    pause = await self._send_what_is_due()
        finally:
            await self._stop()

    async def address_new(self) -> bool:
        """Make the deliveries of new events and set their senders to work; whether there were any."""
        own = [subscriber.name for subscriber in self.process.settings.webhook_subscribers]
        found = await self.process.database.statements.first_row(
            deliveries.ADDRESS, clock.now(), ADDRESSED_AT_ONCE, own
        )
        if found["events"] == ADDRESSED_AT_ONCE:
            self._woken.set()
        if found["subscribers"]:
            recipients = own_recipients(self.process)
            if not recipients.keys() >= set(found["subscribers"]):
                recipients = await all_recipients(self.process, self._outside)
            for name in found["subscribers"]:
                self._set_to_work(name, recipients.get(name))
        return bool(found["events"])

    async def _send_what_is_due(self) -> float:
        """Set the senders to work for all that is due; the seconds until the next delivery is, or the next look."""
        now = clock.now()
        waiting = await self.process.database.statements.rows(deliveries.WAITING)
        recipients = await all_recipients(self.process, self._outside) if waiting else {}
        for row in waiting:
            if row["subscriber"] not in recipients:
                await deliveries.park_all(self.process.database.statements, row["subscriber"], now)
            elif row["due_at"] <= now:
                self._set_to_work(row["subscriber"], recipients[row["subscriber"]])
        coming = [(row["due_at"] - now).total_seconds() for row in waiting if row["due_at"] > now]
        self._looks_at = asyncio.get_running_loop().time() + POLL_SECONDS
        return float(min([POLL_SECONDS, *coming]))

    def _set_to_work(self, name: str, recipient: Recipient | None) -> None:
        if recipient is None:
            return
        sender = self._senders.get(name)
        if sender is None or sender.task.done():
            self._senders[name] = Sender(self.process, recipient)
        else:
            sender.look_again()

    async def _stop(self) -> None:
        tasks = [sender.task for sender in self._senders.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)


async def refresh_gauges(process: Process) -> None:
    """Bring the outbox's figures up to date."""
    now: datetime = clock.now()
    found = await process.database.statements.first_row(deliveries.STATE, now)
    service = process.settings.service_name
    OLDEST.labels(service).set(max(found["unaddressed"] or 0, found["undelivered"] or 0, 0))
    WAITING.labels(service).set(found["waiting"])
    PARKED.labels(service).set(found["parked"])
