"""Single statements share few connections, and none of them is used again of which nobody knows what it says next."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from chassis.db.statements import BROKEN, Statements
from tests.support.chassis.toys import SHOP
from tests.support.running import DatabaseOf
from tests.support.waiting import eventually

PLACES = 3
OURS = "FROM pg_stat_activity WHERE application_name = 'shop-read' AND datname = current_database()"


@pytest.fixture
async def statements(database_of: DatabaseOf) -> AsyncIterator[Statements]:
    """As their own database's owner, who may look at all its connections and end them."""
    settings = await database_of(SHOP, pool_size=PLACES)
    found = Statements(settings.model_copy(update={"database_url": settings.migration_database_url}))
    yield found
    await found.close()


async def is_in_use(statements: Statements, count: int) -> bool:
    """Whether so many connections are handed out."""
    return statements.in_use() == count


async def process(statements: Statements) -> int:
    """Which server process answers."""
    return int((await statements.first_row("SELECT pg_backend_pid()"))[0])


async def test_there_are_no_more_connections_than_places(statements: Statements) -> None:
    """Whoever comes when all are in use waits for one."""
    asked = [statements.first_row("SELECT pg_backend_pid(), pg_sleep(0.05)") for _ in range(4 * PLACES)]
    waiting = asyncio.gather(*asked)
    assert await eventually(lambda: is_in_use(statements, PLACES))
    assert len({row[0] for row in await waiting}) == PLACES
    assert statements.in_use() == 0
    (count,) = await statements.first_row(f"SELECT count(*) {OURS}")
    assert count == PLACES


async def test_one_after_the_other_use_one_connection_also_after_a_refusal(statements: Statements) -> None:
    first = await process(statements)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await statements.rows("SELECT 1 / 0")
    with pytest.raises(asyncpg.DataError):
        await statements.rows("SELECT $1::int", "not a number")
    assert [await process(statements) for _ in range(3)] == [first] * 3


async def test_what_was_given_up_is_not_answered_to_somebody_else(statements: Statements) -> None:
    given_up = asyncio.create_task(statements.first_row("SELECT 'too late', pg_sleep(10)"))
    assert await eventually(lambda: is_in_use(statements, 1))
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert statements.in_use() == 0
    assert (await statements.first_row("SELECT 'in time'"))[0] == "in time"
    (running,) = await statements.first_row(f"SELECT count(*) {OURS} AND state = 'active' AND pid <> pg_backend_pid()")
    assert running == 0


ALL_OTHERS_END = f"SELECT count(pg_terminate_backend(pid)) {OURS} AND pid <> pg_backend_pid()"


async def test_connections_that_the_server_ended_are_left_behind(statements: Statements) -> None:
    """As after its restart, also when nobody has noticed yet."""
    for _ in range(20):
        await asyncio.gather(*(statements.first_row("SELECT pg_sleep(0.002)") for _ in range(PLACES)))
        await statements.first_row(ALL_OTHERS_END)
        await asyncio.gather(*(process(statements) for _ in range(PLACES)))


async def test_what_the_server_broke_off_is_asked_once_more_if_it_is_for_one_row(statements: Statements) -> None:
    broken = asyncio.create_task(statements.rows("SELECT pg_sleep(10)"))
    again = asyncio.create_task(statements.first_row("SELECT 'answered', pg_sleep(0.3)"))
    await asyncio.sleep(0.1)
    await statements.first_row(ALL_OTHERS_END)
    with pytest.raises(BROKEN):
        await broken
    assert (await again)[0] == "answered"
    assert statements.in_use() == 0


async def test_whoever_closed_is_answered_nothing_more(statements: Statements) -> None:
    """And leaves nothing behind: what still runs is answered, and its connection ended."""
    last = asyncio.create_task(statements.first_row("SELECT 'last', pg_sleep(0.5)"))
    assert await eventually(lambda: is_in_use(statements, 1))
    await statements.close()
    assert (await last)[0] == "last"
    with pytest.raises(asyncpg.InterfaceError):
        await statements.first_row("SELECT 1")
    assert statements.in_use() == 0
