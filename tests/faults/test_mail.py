"""Mail is sent however often its worker is killed: everything arrives, and a duplicate only where SMTP has its window."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiosmtpd.controller import Controller

from chassis.base import clock
from chassis.base.fields import new_id
from chassis.base.settings import Settings
from tests.support.faults.load import all_rows
from tests.support.faults.processes import Process, process
from tests.support.running import DatabaseOf
from tests.support.serving import free_port
from tests.support.waiting import eventually

SEED = 20190401
MESSAGES = 150
KILLS = 3
CONNECTIONS = 4
SECONDS_FOR_EACH = 0.03
# More than a message's lease: what a killed worker held is taken again at once.
LATER = 600.0
QUEUE = """
    INSERT INTO message (id, template, recipient_id, address, subject, html, text, state, queued_at, due_at, tries,
        attempts)
    SELECT id, 'weekly_reminder', 'chair-1', 'chair-1@example.org', 'A subject', '<p>Words</p>', 'Words', 'queued',
        $2, $2, 0, '[]' FROM unnest($1::uuid[]) AS id
"""


class Sink:
    """A mail server that takes its time, and counts how often each message came."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name.
        """Take a message in, and say so a little later."""
        (line,) = [line for line in envelope.content.decode().splitlines() if line.lower().startswith("message-id:")]
        self.came[line.partition("<")[2].partition("@")[0]] += 1
        await asyncio.sleep(SECONDS_FOR_EACH)
        return "250 kept"

    async def reached(self, count: int) -> None:
        """Wait until so many came."""

        async def came() -> bool:
            return sum(self.came.values()) >= count

        assert await eventually(came), f"{sum(self.came.values())} of {count}"


@asynccontextmanager
async def worker(database_of: DatabaseOf) -> AsyncIterator[tuple[Process, Settings, Sink, list[UUID]]]:
    """A worker that sends, and what is queued for it."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings = await database_of(
            "notifications",
            smtp_port=port,
            smtp_security="none",
            mails_per_second=0,
            mail_connections=CONNECTIONS,
        )
        queued = [new_id() for _ in range(MESSAGES)]
        connection = await asyncpg.connect(settings.database_url.get_secret_value())
        await connection.execute(QUEUE, queued, clock.now())
        await connection.close()
        async with process("worker", settings) as mailer:
            yield mailer, settings, sink, queued
    finally:
        controller.stop()


async def not_sent(settings: Settings) -> set[str]:
    """The messages of which the database does not say that they were sent."""
    return {str(row["id"]) for row in await all_rows(settings, "SELECT id FROM message WHERE state <> 'sent'")}


async def test_the_mail_worker_is_killed_again_and_again(database_of: DatabaseOf, record_property: Any) -> None:
    chance = random.Random(SEED)
    window: set[str] = set()
    async with worker(database_of) as (mailer, settings, sink, queued):
        for _ in range(KILLS):
            await sink.reached(sum(sink.came.values()) + chance.randint(8, 25))
            mailer.kill()
            await asyncio.sleep(SECONDS_FOR_EACH * 3)
            in_window = set(sink.came) & await not_sent(settings) - window
            assert len(in_window) <= CONNECTIONS, "only what was on its way can be in doubt"
            window |= in_window
            await mailer.start(later=LATER)

        async def all_sent() -> bool:
            return not await not_sent(settings)

        assert await eventually(all_sent)
    assert sink.came.keys() == {str(message_id) for message_id in queued}
    duplicates = {message for message, count in sink.came.items() if count > 1}
    record_property("duplicates", len(duplicates))
    record_property("in_doubt", len(window))
    print(f"{KILLS} kills, {MESSAGES} messages: {len(window)} in doubt, {len(duplicates)} came twice")  # noqa: T201
    assert duplicates <= window


async def test_a_worker_that_is_asked_to_end_leaves_nothing_in_doubt(database_of: DatabaseOf) -> None:
    """What is on its way is settled; what was taken and not begun is free for the next worker at once."""
    async with worker(database_of) as (mailer, settings, sink, queued):
        await sink.reached(10)
        assert await mailer.end() in {0, -15}
        now = clock.now()
        left = await all_rows(settings, "SELECT id, due_at, tries FROM message WHERE state = 'queued'")
        assert left, "it was in the middle of its work"
        assert [row for row in left if row["due_at"] > now] == []
        assert {row["tries"] for row in left} == {0}
        assert not set(sink.came) & {str(row["id"]) for row in left}
        await mailer.start()

        async def all_sent() -> bool:
            return not await not_sent(settings)

        assert await eventually(all_sent)
    assert dict(sink.came) == dict.fromkeys(map(str, queued), 1)


@pytest.fixture(autouse=True)
def no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server of the surroundings is never asked."""
    for name in ("SMTP_HOST", "SMTP_PORT"):
        monkeypatch.delenv(name, raising=False)
