"""When a failed try is made again, and how several workers share one queue without sharing a row."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.db.leases import Queue
from chassis.db.statements import Statements
from chassis.events.standard_webhooks import JITTER, PAUSES, pause_after
from chassis.process import running_process
from tests.support.chassis.toys import SHOP
from tests.support.running import DatabaseOf

NOW = datetime(2024, 6, 10, 7, tzinfo=UTC)
LEASE = timedelta(minutes=2)
QUEUE = Queue("errand", key="shop, number", columns="queued.shop, queued.number, tries", lease=LEASE)


@pytest.mark.parametrize(
    ("tries", "pause"),
    [
        # Nothing was tried yet.
        (0, timedelta(0)),
        # The first repetition comes soon, since most failures pass.
        (1, timedelta(seconds=5)),
        (2, timedelta(minutes=5)),
        # The last one comes a day later.
        (len(PAUSES) - 1, timedelta(hours=24)),
        # Then it is given up, for good.
        (len(PAUSES), None),
        (len(PAUSES) + 100, None),
    ],
)
def test_pauses_grow_and_then_end(tries: int, pause: timedelta | None) -> None:
    assert pause_after(tries, random=0.0) == pause


@given(st.integers(0, len(PAUSES) - 1), st.floats(0, 1))
def test_jitter_only_ever_adds_a_fifth(tries: int, random: float) -> None:
    pause = pause_after(tries, random)
    assert pause is not None
    assert PAUSES[tries] <= pause <= PAUSES[tries] * (1 + JITTER)


def test_those_that_failed_together_do_not_come_back_together() -> None:
    assert len({pause_after(5) for _ in range(50)}) > 1
    assert all(pause < other for pause, other in pairwise(PAUSES))


@pytest.fixture
async def statements(database_of: DatabaseOf) -> AsyncIterator[Statements]:
    settings = await database_of(SHOP)
    owner = settings.model_copy(update={"database_url": settings.migration_database_url})
    async with running_process(owner) as process:
        statements = process.database.statements
        await statements.rows(
            "CREATE TABLE errand (shop int, number int, due_at timestamptz, tries int DEFAULT 0, "
            "PRIMARY KEY (shop, number))"
        )
        yield statements


async def add(statements: Statements, number: int, due_at: datetime | None, shop: int = 1) -> None:
    await statements.rows("INSERT INTO errand (shop, number, due_at) VALUES ($1, $2, $3)", shop, number, due_at)


async def take(statements: Statements, now: datetime = NOW, limit: int = 100) -> list[int]:
    return [row["number"] for row in await QUEUE.take(statements, now, limit)]


async def test_only_what_is_due_is_taken(statements: Statements) -> None:
    await add(statements, 1, NOW)
    await add(statements, 2, NOW + timedelta(seconds=1))
    await add(statements, 3, None)
    assert await take(statements) == [1]


async def test_a_taken_row_comes_back_when_its_lease_ends_and_not_before(statements: Statements) -> None:
    await add(statements, 1, NOW)
    assert await take(statements) == [1]
    assert await take(statements, NOW + LEASE - timedelta(microseconds=1)) == []
    (row,) = await QUEUE.take(statements, NOW + LEASE, 1)
    assert row["tries"] == 2


async def test_the_longest_due_come_first_and_in_order(statements: Statements) -> None:
    for number in range(60):
        await add(statements, number, NOW - timedelta(seconds=(number * 37) % 60))
    expected = sorted(range(60), key=lambda number: -((number * 37) % 60))
    assert await take(statements, limit=40) == expected[:40]
    assert await take(statements, limit=40) == expected[40:]


async def test_takers_at_once_share_no_row(statements: Statements) -> None:
    for number in range(100):
        await add(statements, number, NOW)
    found = await asyncio.gather(*(take(statements, limit=10) for _ in range(20)))
    numbers = [number for some in found for number in some]
    numbers += await take(statements)
    assert sorted(numbers) == list(range(100))


async def test_the_whole_key_tells_rows_apart(statements: Statements) -> None:
    await add(statements, 1, NOW, shop=1)
    await add(statements, 1, NOW + timedelta(days=1), shop=2)
    (row,) = await QUEUE.take(statements, NOW, 10)
    assert (row["shop"], row["number"]) == (1, 1)


async def test_a_condition_narrows_what_is_taken(statements: Statements) -> None:
    for shop in (1, 2):
        await add(statements, shop, NOW, shop=shop)
    rows = await QUEUE.take(statements, NOW, 10, where="shop = $4", given=(2,))
    assert [row["number"] for row in rows] == [2]
    assert await take(statements) == [1]


async def test_what_must_outlive_a_crash_waits_for_the_disk(statements: Statements) -> None:
    await add(statements, 1, NOW)
    durable = Queue(
        "errand", key="shop, number", columns="queued.shop, queued.number, tries", lease=LEASE, durable=True
    )
    assert len(await durable.take(statements, NOW, 10)) == 1
    assert (await statements.first_row("SHOW synchronous_commit"))[0] == "off"
