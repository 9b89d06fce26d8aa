"""References: unique and ascending, whoever asks at the same time, and after numbers that came from elsewhere."""

import asyncio

import pytest

from chassis.db.numbering import references, start_after
from chassis.db.statements import Statements
from tests.support.chassis.toys import LEDGER
from tests.support.running import Running


@pytest.fixture
async def statements(running: Running) -> Statements:
    return (await running(LEDGER)).process.database.statements


async def test_each_prefix_and_year_counts_from_one(statements: Statements) -> None:
    assert await references(statements, "TOY", 2019) == ["TOY-2019-0001"]
    assert await references(statements, "TOY", 2019, 2) == ["TOY-2019-0002", "TOY-2019-0003"]
    assert await references(statements, "TOY", 2020) == ["TOY-2020-0001"]
    assert await references(statements, "BOX", 2019) == ["BOX-2019-0001"]


async def test_many_at_once_are_all_different_and_each_answer_ascends(statements: Statements) -> None:
    answers = await asyncio.gather(*(references(statements, "TOY", 2019, count) for count in (1, 7, 30, 3, 1, 12)))
    given = [number for answer in answers for number in answer]
    assert len(set(given)) == len(given) == 54
    assert all(answer == sorted(answer) for answer in answers)


async def test_two_processes_never_give_the_same(running: Running) -> None:
    first = await running(LEDGER)
    second = await running(LEDGER, settings=first.settings)
    given = [
        *await references(first.process.database.statements, "TOY", 2019, 3),
        *await references(second.process.database.statements, "TOY", 2019, 3),
        *await references(first.process.database.statements, "TOY", 2019, 20),
    ]
    assert len(set(given)) == 26


async def test_later_numbers_come_after_those_from_elsewhere(statements: Statements) -> None:
    assert await references(statements, "TOY", 2019) == ["TOY-2019-0001"]
    await start_after(statements, "TOY", 2019, 40)
    assert await references(statements, "TOY", 2019) == ["TOY-2019-0041"]
    # A lower one takes nothing back.
    await start_after(statements, "TOY", 2019, 5)
    assert await references(statements, "TOY", 2019) == ["TOY-2019-0042"]


async def test_beyond_four_digits_numbers_grow(statements: Statements) -> None:
    await start_after(statements, "TOY", 2019, 9999)
    assert await references(statements, "TOY", 2019) == ["TOY-2019-10000"]
