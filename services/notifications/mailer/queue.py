"""Sends what is queued: each message by lease, a few at once, no faster than allowed.

A message is settled as soon as its outcome is known, durably. What remains is SMTP's own window: a process that is
killed between the server's last reply and the commit sends that message again, under the same Message-ID.
"""

import asyncio
import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog
from prometheus_client import Counter, Gauge

from chassis.base import clock
from chassis.db.leases import DURABLY, Queue
from chassis.events.standard_webhooks import pause_after
from chassis.process import Process
from services.notifications.emails import filled
from services.notifications.mailer.notify import Notify
from services.notifications.mailer.outcomes import Mail, Never, NotNow, Way
from services.notifications.mailer.smtp import Smtp
from services.notifications.settings import settings_of

LEASE = timedelta(minutes=2)
TAKEN_FOR_EACH_CONNECTION = 10
POLL_SECONDS = 5.0
CHANNEL = "message"
# Longer than a mail server is waited for, and than a statement may take.
ALIVE_SECONDS = 60.0
# Once a message was sent, its outcome is recorded, however long the database is away.
SETTLE_TRIES, SETTLE_PAUSE = 60, 1.0

QUEUE = Queue(
    "message",
    key="id",
    columns="queued.id, address, subject, html, text, calendar, answer_url, tries",
    lease=LEASE,
    durable=True,
)
SENT = f"""
    UPDATE message SET state = 'sent', sent_at = $2, due_at = NULL, answer_url = NULL, provider_reference = $3,
        attempts = attempts || $4::jsonb
    FROM (SELECT 1) AS one {DURABLY} WHERE id = $1 AND due_at IS NOT NULL
"""
FAILED = f"""
    UPDATE message SET state = 'failed', failed_at = $2, due_at = NULL, answer_url = NULL, failure = $3,
        attempts = attempts || $4::jsonb
    FROM (SELECT 1) AS one {DURABLY} WHERE id = $1 AND due_at IS NOT NULL
"""
LATER = """
    UPDATE message SET due_at = $2, failure = $3, attempts = attempts || $4::jsonb WHERE id = $1 AND due_at IS NOT NULL
"""
GIVEN_BACK = "UPDATE message SET due_at = $2, tries = tries - 1 WHERE id = ANY ($1) AND due_at IS NOT NULL"
NEXT_DUE = "SELECT min(due_at) AS due_at FROM message WHERE due_at IS NOT NULL"
STATE = """
    SELECT count(*) FILTER (WHERE due_at IS NOT NULL) AS waiting,
        extract(epoch FROM $1 - min(queued_at) FILTER (WHERE due_at IS NOT NULL)) AS oldest,
        count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'bounced') AS bounced
    FROM message WHERE due_at IS NOT NULL OR state IN ('failed', 'bounced')
"""

HANDED_OVER = Counter("mail_attempts_total", "Tries to send a message, by outcome.", ["outcome"])
OLDEST = Gauge("mail_oldest_queued_seconds", "Age of the oldest message that was not sent yet.")
WAITING = Gauge("mail_queued_messages", "Messages that were not sent yet.")
FAILED_MESSAGES = Gauge("mail_failed_messages", "Messages that were given up.")
BOUNCED_MESSAGES = Gauge("mail_bounced_messages", "Messages that came back.")

log = structlog.get_logger()


def way_of(process: Process) -> Way:
    """The way of sending that the settings choose."""
    settings = settings_of(process)
    return Smtp(settings) if settings.mail_sender == "smtp" else Notify(settings, process.http)


async def send_mail(process: Process) -> None:
    """Send what is queued, until cancelled."""
    way, woken = way_of(process), asyncio.Event()
    listening = await process.database.listen_connection()
    try:
        await listening.add_listener(CHANNEL, lambda *_: woken.set())
        listening.add_termination_listener(lambda *_: woken.set())
        mailer = Mailer(process, way)
        while not listening.is_closed():
            woken.clear()
            process.beat(ALIVE_SECONDS)
            if not await mailer.send_due():
                try:
                    await asyncio.wait_for(woken.wait(), await mailer.seconds_until_due())
                except TimeoutError:
                    # A connection that was lost without a word looks alive until it is asked.
                    await listening.fetchval("SELECT 1")
        raise ConnectionError("The connection for wake-ups was lost.")
    finally:
        await way.close()
        with suppress(OSError, asyncpg.InterfaceError, TimeoutError):
            await listening.close(timeout=2)


class Mailer:
    """Takes due messages and hands them over."""

    def __init__(self, process: Process, way: Way) -> None:
        settings = settings_of(process)
        self._work = process
        self._statements = process.database.statements
        self._way = way
        self._connections = settings.mail_connections
        self._pause = 1 / settings.mails_per_second if settings.mails_per_second else 0.0
        self._next_at = 0.0

    async def send_due(self) -> int:
        """Send a batch of what is due; how many messages it was."""
        now = clock.now()
        waiting = await QUEUE.take(self._statements, now, self._connections * TAKEN_FOR_EACH_CONNECTION)
        taken = len(waiting)

        async def work_off() -> None:
            # Messages whose lease is nearly over are left to the next taker.
            while waiting and clock.now() < now + LEASE / 2:
                await self._may_send()
                # Another connection may have taken the last one in the meantime.
                if waiting:
                    await self._send(waiting.pop(0))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._connections, taken)):
                    group.create_task(work_off())
        finally:
            if waiting:
                with suppress(Exception):
                    await self._statements.rows(GIVEN_BACK, [row["id"] for row in waiting], clock.now())
        return taken

    async def seconds_until_due(self) -> float:
        """How long nothing is due, at most until the next look."""
        due = (await self._statements.first_row(NEXT_DUE))["due_at"]
        return POLL_SECONDS if due is None else min(POLL_SECONDS, max(0.05, (due - clock.now()).total_seconds()))

    async def _may_send(self) -> None:
        """Wait until the limit of messages per second allows another."""
        moment = asyncio.get_running_loop().time()
        self._next_at = max(self._next_at, moment) + self._pause
        if self._next_at - self._pause > moment:
            await asyncio.sleep(self._next_at - self._pause - moment)

    async def _send(self, row: Any) -> None:
        self._work.beat(ALIVE_SECONDS)
        words = {name: filled(row[name], row["answer_url"]) for name in ("html", "text")}
        mail = Mail(
            row["id"], row["address"], row["subject"], words["html"], words["text"], row["tries"], row["calendar"]
        )
        # A message that is on its way is settled even if the process is asked to stop meanwhile.
        handing_over = asyncio.ensure_future(self._hand_over(mail))
        try:
            await asyncio.shield(handing_over)
        except asyncio.CancelledError:
            await handing_over
            raise

    async def _hand_over(self, mail: Mail) -> None:
        try:
            reference = await self._way.send(mail)
        except Never as refusal:
            await self._settle(FAILED, mail, clock.now(), str(refusal), str(refusal))
            outcome = "refused"
        except Exception as refusal:
            # Unexpected errors are tried again too: one message must not hold up the others.
            reason = str(refusal) if isinstance(refusal, NotNow) else f"unexpected: {type(refusal).__name__}"
            pause = pause_after(mail.tries)
            outcome = "later" if pause is not None else "given_up"
            if pause is None:
                await self._settle(FAILED, mail, clock.now(), reason, reason)
            else:
                await self._settle(LATER, mail, clock.now() + pause, reason, reason)
        else:
            await self._settle(SENT, mail, clock.now(), reference, "sent")
            outcome = "sent"
        HANDED_OVER.labels(outcome).inc()
        log.info("mail_handed_over", message_id=str(mail.id), outcome=outcome, attempts=mail.tries)

    async def _settle(self, statement: str, mail: Mail, at: datetime, words: str, outcome: str) -> None:
        entry = json.dumps([{"at": clock.now().isoformat(), "outcome": outcome}])
        for attempt in range(SETTLE_TRIES):
            try:
                await self._statements.rows(statement, mail.id, at, words, entry)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError):
                if attempt == SETTLE_TRIES - 1:
                    raise
                await asyncio.sleep(SETTLE_PAUSE)
            else:
                return


async def refresh_gauges(process: Process) -> None:
    """Bring the queue's figures up to date."""
    row = await process.database.statements.first_row(STATE, clock.now())
    WAITING.set(row["waiting"])
    OLDEST.set(max(row["oldest"] or 0, 0))
    FAILED_MESSAGES.set(row["failed"])
    BOUNCED_MESSAGES.set(row["bounced"])
