"""Whoever is killed while the quarter's emails are made: each officer gets one, and the link in it works."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time, timedelta

import asyncpg
import httpx

from chassis.base import clock
from chassis.base.settings import Settings
from chassis.law.periods import Period, PeriodKind, period_of
from services.notifications.rules import day_after
from services.notifications.schedules.timetable import at
from tests.support.faults.load import all_rows, chair, wanted
from tests.support.faults.processes import Process, process
from tests.support.journeys.loop import Postbox, smtp_server, words
from tests.support.running import DatabaseOf
from tests.support.waiting import PATIENCE, eventually

SEED = 20190401
OFFICERS = 60
KILLED = ("notifications", "escalations", "notifications")
# So many more messages are queued before each kill.
FEWEST, MOST = 3, 15
# Beyond a run's lease, and beyond the pause after a run that failed.
LATER = timedelta(minutes=11)
SEND_AT = time(9)
SECONDS = 10 * PATIENCE
COPIES = """
    INSERT INTO chassis.copy (kind, id, version, attributes)
    SELECT 'area', 'area-' || number, 1, '{}'::jsonb FROM generate_series(1, $1) AS number
    UNION ALL SELECT 'colleague', 'officer-' || number, 1, '{"roles": ["liaison_officer"]}'::jsonb
    FROM generate_series(1, $1) AS number
    UNION ALL SELECT 'colleague', 'chair-1', 1, '{"roles": ["chair"]}'::jsonb
    UNION ALL SELECT 'agency', 'surgeries', 1, '{"roles": ["gp"]}'::jsonb
"""
DIRECTORY = (
    "INSERT INTO area (id, name, version) SELECT 'area-' || number, 'Area', 1 FROM generate_series(1, $1) AS number",
    """
    INSERT INTO colleague (id, name, email, positions, starts_on, version)
    SELECT 'officer-' || number, 'Invented', 'officer-' || number || '@example.org', '{liaison_officer}', date '2018-01-01', 1
    FROM generate_series(1, $1) AS number
    """,
    """
    INSERT INTO coverage (id, colleague_id, area_id, fallback, starts_on, version)
    SELECT gen_random_uuid(), 'officer-' || number, 'area-' || number, true, date '2018-01-01', 1
    FROM generate_series(1, $1) AS number
    """,
)


def this_quarter() -> Period:
    return period_of(PeriodKind.QUARTER, clock.today())


async def filled(settings: Settings, *statements: str) -> None:
    connection = await asyncpg.connect(settings.database_url.get_secret_value())
    for statement in statements:
        await connection.execute(statement, OFFICERS)
    await connection.close()


async def one_for_each_officer(address: str) -> None:
    """Raise an escalation in each officer's area."""
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        for number in range(1, OFFICERS + 1):
            body = wanted() | {"area_id": f"area-{number}"}
            assert (await client.post("/v1/escalations", json=body, headers=chair())).status_code == 201


@asynccontextmanager
async def on_the_day(database_of: DatabaseOf) -> AsyncIterator[tuple[dict[str, Process], Settings, Postbox]]:
    """Escalations, the worker of notifications on the day after the quarter, and where its emails arrive."""
    away = (at(day_after(this_quarter()), SEND_AT) - clock.machine_now()).total_seconds()
    escalations = await database_of("escalations")
    await filled(escalations, COPIES)
    async with (
        smtp_server() as (postbox, smtp_port),
        process("web", escalations, clock_offset_seconds=away) as service,
    ):
        await one_for_each_officer(service.address)
        notifications = await database_of(
            "notifications",
            escalations_url=service.address,
            reviews_url="",
            conferences_url="",
            public_url=service.address,
            smtp_port=smtp_port,
            smtp_security="none",
            mails_per_second=0,
            send_at=SEND_AT,
        )
        await filled(notifications, *DIRECTORY)
        async with process("worker", notifications, clock_offset_seconds=away) as worker:
            yield {"notifications": worker, "escalations": service}, notifications, postbox


async def test_each_officer_gets_one_email_with_a_link_that_works(database_of: DatabaseOf) -> None:
    chance = random.Random(SEED)
    async with asyncio.timeout(SECONDS), on_the_day(database_of) as (processes, settings, postbox):
        worker = processes["notifications"]

        async def queued() -> int:
            (row,) = await all_rows(settings, "SELECT count(*) AS n FROM message WHERE template = 'quarterly'")
            return int(row["n"])

        async def finished() -> bool:
            done = "SELECT 1 FROM chassis.schedule_run WHERE job LIKE '%quarterly_escal%' AND finished_at IS NOT NULL"
            return bool(await all_rows(settings, f"{done} AND period = '{this_quarter().label}'"))

        for victim in KILLED:
            more = await queued() + chance.randint(FEWEST, MOST)
            while await queued() < more:
                assert not await finished(), "it is killed in the middle of its work"
            processes[victim].kill()
            if victim == "escalations":
                await processes[victim].start()
                worker.kill()
            await worker.start(later=LATER.total_seconds())
        assert await eventually(finished)
        recipients = await all_rows(settings, "SELECT recipient_id FROM message WHERE template = 'quarterly'")
        assert Counter(row["recipient_id"] for row in recipients) == {f"officer-{n}": 1 for n in range(1, OFFICERS + 1)}

        async def all_sent() -> bool:
            return not await all_rows(settings, "SELECT 1 FROM message WHERE state <> 'sent' LIMIT 1")

        assert await eventually(all_sent)
        # What was on its way when its worker was killed comes twice, under the same identifier.
        mails = {mail["Message-ID"]: mail for mail in postbox.mails if mail["To"].startswith("officer-")}
        assert len(mails) == OFFICERS
        for mail in mails.values():
            link = re.search(r"http://\S+/answer/[\w-]{30,}", words(mail))
            assert link is not None
            async with httpx.AsyncClient(follow_redirects=True, timeout=PATIENCE) as browser:
                page = await browser.get(link.group())
            assert (page.status_code, "What has been done about" in page.text) == (200, True), mail["To"]
