"""A transaction's session: what is set in it is written with it, once and whole, or not at all."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.db.database import Database, unreachable
from chassis.importing.writing import copy_rows
from chassis.meetings.locking import for_update
from tests.support.chassis.notes import SERVICE, Note
from tests.support.running import DatabaseOf

NOTES = select(Note).order_by(col(Note.number))
THIRD = {"number": 3, "words": "Copied", "person_ids": [], "version": 1}


@pytest.fixture
async def database(database_of: DatabaseOf) -> AsyncIterator[Database]:
    """Two notes."""
    found = Database(await database_of(SERVICE))
    async with found.transaction() as session:
        await copy_rows(session, Note, [note(1), note(2)])
    yield found
    await found.close()


def note(number: int) -> dict[str, object]:
    """The columns of a note."""
    return {"number": number, "words": f"Note {number}", "person_ids": [f"P{number}"], "version": 1}


async def changing(session: AsyncSession) -> list[Note]:
    """The notes, to be changed."""
    return list((await session.exec(for_update(NOTES))).all())


async def now(database: Database) -> list[tuple[int, str, list[str], int]]:
    """The notes as anybody reads them."""
    rows = await database.statements.rows("SELECT number, words, person_ids, version FROM note ORDER BY number")
    return [(row["number"], row["words"], row["person_ids"], row["version"]) for row in rows]


async def test_what_is_set_is_written_at_the_end_of_the_transaction(database: Database) -> None:
    async with database.transaction() as session:
        first, second = await changing(session)
        first.words, first.version = "Other words, “quoted”, and café", 2
        second.person_ids = ["P2", "P3"]
        await session.flush()
        assert (await now(database))[0][1] == "Note 1", "nobody sees it before"
    assert await now(database) == [
        (1, "Other words, “quoted”, and café", ["P1"], 2),
        (2, "Note 2", ["P2", "P3"], 1),
    ]


async def test_nothing_is_written_of_what_was_undone(database: Database) -> None:
    """Also what was copied past the session, whatever was done first on its connection."""

    async def fail() -> None:
        async with database.transaction() as session:
            await copy_rows(session, Note, [THIRD])
            (await changing(session))[0].words = "Never"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.transaction() as session:
        (await changing(session))[0].words = "Never"
        await session.rollback()
    assert [words for _, words, _, _ in await now(database)] == ["Note 1", "Note 2"]


async def test_what_is_locked_is_read_as_it_is_then(database: Database) -> None:
    """What the session knew of it before is not what whoever had it meanwhile has left."""
    async with database.transaction() as session:
        (known, _) = (await session.exec(NOTES)).all()
        async with database.transaction() as other:
            (await changing(other))[0].words = "By somebody else"
        (locked, _) = await changing(session)
        assert (locked is known, locked.words) == (True, "By somebody else")


async def test_what_was_set_before_rows_are_locked_is_not_lost(database: Database) -> None:
    async with database.transaction() as session:
        (await changing(session))[0].words = "Set before"
        assert (await changing(session))[0].words == "Set before"
    assert (await now(database))[0][1] == "Set before"


async def test_a_connection_that_broke_is_not_used_again(database: Database) -> None:
    """The transaction fails as one whose database cannot be reached, and the next has another connection."""

    async def fail() -> None:
        async with database.transaction() as session:
            (await changing(session))[0].words = "Never"
            process = (await session.exec(select(func.pg_backend_pid()))).one()
            await database.statements.first_row("SELECT pg_terminate_backend($1)", process)
            await changing(session)

    with pytest.raises(DBAPIError) as raised:
        await fail()
    assert unreachable(raised.value)
    async with database.transaction() as session:
        assert (await changing(session))[0].words == "Note 1"


async def test_triggers_go_by_the_councils_clock(database_of: DatabaseOf) -> None:
    moved = Database(await database_of(SERVICE, clock_offset_seconds=-2000 * 86_400))
    (told,) = await moved.statements.rows("SELECT now() - chassis.council_now() AS behind")
    assert told["behind"] == timedelta(days=2000)
    await moved.close()
