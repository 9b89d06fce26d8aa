"""The relay: delivers every event to each of its subscribers at least once.

It sleeps until a commit wakes it. Each subscriber has a sender of its own, so that one that is slow or down holds up
nobody else. Nothing is sent while a transaction is open.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from prometheus_client import Gauge
from pydantic import SecretStr

from chassis.base import clock
from chassis.events import deliveries
from chassis.events.sender import Recipient, Sender, ServiceSender
from chassis.process import Process

# The relay looks by itself as often as this, should a wake-up get lost.
POLL_SECONDS = 5.0
ADDRESSED_AT_ONCE = 1000
# A round takes at most some statements, each with a time limit.
ALIVE_SECONDS = 40.0
STOP_SECONDS = 5.0

OLDEST = Gauge("outbox_oldest_seconds", "Age of the oldest event that is not yet delivered to everybody.", ["service"])
WAITING = Gauge("outbox_waiting_deliveries", "Deliveries that wait for their next try.", ["service"])
PARKED = Gauge("outbox_parked_deliveries", "Deliveries given up after their last try.", ["service"])


Recipients = Mapping[str, Recipient]


@dataclass(frozen=True)
class Outside:
    """Subscribers outside this system, whom one service keeps.

    `wanting` is the query that finds, for the events in `fresh`, the names of those who want each; `recipients` are
    those who receive events at this moment, by name.
    """

    wanting: str
    recipients: Callable[[Process], Awaitable[Recipients]]


async def _none(_: Process) -> Recipients:
    return {}


NOBODY = Outside("SELECT NULL::uuid, NULL::text WHERE false", _none)


async def relay(process: Process, outside: Outside = NOBODY) -> None:
    """Deliver events to subscribers, until cancelled."""
    listening = await process.database.listen_connection()
    try:
        await Relay(process, outside).run(listening)
    finally:
        with suppress(OSError, asyncpg.InterfaceError, TimeoutError):
            await listening.close(timeout=2)


class Relay:
    """Addresses new events to their subscribers and keeps a sender at work for each that has something due."""

    def __init__(self, process: Process, outside: Outside) -> None:
        self.process = process
        self._outside = outside
        self._address = deliveries.ADDRESS.format(outside=outside.wanting)
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
        recipients = self._our_services()
        found = await self.process.database.statements.first_row(
            self._address, clock.now(), ADDRESSED_AT_ONCE, list(recipients)
        )
        if found["events"] == ADDRESSED_AT_ONCE:
            self._woken.set()
        if not recipients.keys() >= set(found["subscribers"]):
            recipients = await self._all_recipients()
        for name in found["subscribers"]:
            if name in recipients:
                self._set_to_work(recipients[name])
        return bool(found["events"])

    async def _send_what_is_due(self) -> float:
        """Set the senders to work for all that is due; the seconds until the next delivery is, or the next look."""
        now = clock.now()
        waiting = await self.process.database.statements.rows(deliveries.WAITING)
        recipients = await self._all_recipients() if waiting else {}
        for row in waiting:
            if row["subscriber"] not in recipients:
                await self.process.database.statements.rows(deliveries.PARK, now, row["subscriber"])
            elif row["due_at"] <= now:
                self._set_to_work(recipients[row["subscriber"]])
        coming = [(row["due_at"] - now).total_seconds() for row in waiting if row["due_at"] > now]
        self._looks_at = asyncio.get_running_loop().time() + POLL_SECONDS
        return float(min([POLL_SECONDS, *coming]))

    def _our_services(self) -> Recipients:
        return {
            own.name: Recipient(own.name, own.url, tuple(map(SecretStr.get_secret_value, own.secrets)), ServiceSender)
            for own in self.process.settings.webhook_subscribers
        }

    async def _all_recipients(self) -> Recipients:
        return {**self._our_services(), **await self._outside.recipients(self.process)}

    def _set_to_work(self, recipient: Recipient) -> None:
        sender = self._senders.get(recipient.name)
        if sender is None or sender.task.done():
            self._senders[recipient.name] = recipient.sender(self.process, recipient)
        else:
            # Its address or its secret may be another by now.
            sender.to = recipient
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
