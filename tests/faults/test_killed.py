"""Whoever is killed under load, nothing acknowledged is lost, and everything told has its effect once."""

import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from chassis.base.settings import Settings, Subscriber
from deploy.local import postgres as launcher
from tests.support import keys
from tests.support.faults.load import Load, all_rows, fill_directory, load
from tests.support.faults.processes import Process, process
from tests.support.faults.servers import migrated
from tests.support.faults.tally import TALLY
from tests.support.running import DatabaseOf
from tests.support.waiting import eventually

SEED = 20190401
KILLS = 3
# Between two kills, so many more are acknowledged: somewhere between these numbers.
FEWEST, MOST = 10, 40
# What a killed process held comes back when its lease ends: the clock is moved beyond that, and beyond every pause.
LATER = 3600.0


@dataclass
class System:
    """The publisher and its subscriber, each a process of its own with a database of its own."""

    escalations: Process
    tally: Process
    told_by: Settings
    told_to: Settings

    async def raised(self) -> list[str]:
        """The references of everything that is in the publisher's database."""
        return [row["reference"] for row in await all_rows(self.told_by, "SELECT reference FROM escalation")]

    async def counted(self) -> dict[str, int]:
        """How often the subscriber was told of each."""
        rows = await all_rows(self.told_to, "SELECT reference, times FROM counted")
        return {row["reference"]: row["times"] for row in rows}


async def system(stack: AsyncExitStack, told_by: Settings, told_to: Settings) -> System:
    """Both processes, running until the stack is closed."""
    await fill_directory(told_by)
    tally = await stack.enter_async_context(process("web", told_to))
    subscriber = Subscriber(
        name="tally", url=f"{tally.address}/webhooks/events", secrets=[keys.webhook_secret("escalations", "tally")]
    )
    escalations = await stack.enter_async_context(
        process("web", told_by.model_copy(update={"webhook_subscribers": [subscriber]}), worker_in_web=True)
    )
    return System(escalations, tally, told_by, told_to)


@pytest.fixture
async def both(database_of: DatabaseOf) -> AsyncIterator[System]:
    told_by, told_to = await database_of("escalations"), await database_of(TALLY)
    async with AsyncExitStack() as stack:
        yield await system(stack, told_by, told_to)


async def kill_under_load(both: System, kill: Callable[[], Awaitable[None]]) -> Load:
    """Kill again and again in the middle of the work; what was promised to whom."""
    chance = random.Random(SEED)
    async with load(both.escalations.address) as at_work:
        for _ in range(KILLS):
            await at_work.reached(len(at_work.acknowledged) + chance.randint(FEWEST, MOST))
            await kill()
        await at_work.reached(len(at_work.acknowledged) + FEWEST)
    return at_work


async def check_nothing_lost(both: System, at_work: Load) -> None:
    """Every key has one escalation, every escalation one event, and every event one effect."""
    promised = list(at_work.acknowledged.values())
    assert len(set(promised)) == len(promised)
    raised = await both.raised()
    assert sorted(raised) == sorted(promised)
    published = await all_rows(both.told_by, "SELECT subject FROM chassis.outgoing WHERE type = 'escalation.raised'")
    assert sorted(row["subject"] for row in published) == sorted(raised)
    both.escalations.kill()
    await both.escalations.start(later=LATER)

    async def all_counted() -> bool:
        return len(await both.counted()) >= len(raised)

    await eventually(all_counted)
    assert await both.counted() == dict.fromkeys(raised, 1)

    async def nothing_waits() -> bool:
        rows = await all_rows(both.told_by, "SELECT 1 FROM chassis.delivery WHERE delivered_at IS NULL")
        return not rows

    assert await eventually(nothing_waits)


async def test_the_publisher_is_killed_again_and_again(both: System) -> None:
    async def kill() -> None:
        both.escalations.kill()
        await both.escalations.start()

    at_work = await kill_under_load(both, kill)
    assert both.escalations.starts == KILLS + 1
    await check_nothing_lost(both, at_work)


async def test_the_subscriber_is_killed_again_and_again(both: System) -> None:
    async def kill() -> None:
        both.tally.kill()
        await both.tally.start()

    at_work = await kill_under_load(both, kill)
    assert at_work.answers.keys() == {"201"}, "whoever raises does not notice"
    await check_nothing_lost(both, at_work)


async def test_postgresql_is_killed_and_started_again_at_once(own_server: tuple[Path, int]) -> None:
    """Both databases die together; the processes stay, and go on as soon as they can."""
    server = await launcher.start(*own_server)
    async with AsyncExitStack() as stack:
        both = await system(stack, await migrated(server, "escalations"), await migrated(server, TALLY.name))

        async def kill() -> None:
            nonlocal server
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            server = await launcher.start(*own_server)

        at_work = await kill_under_load(both, kill)
        assert (both.escalations.starts, both.tally.starts) == (1, 1)
        await check_nothing_lost(both, at_work)
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("SELECT NOT pg_is_in_recovery()")
        await connection.close()
