"""Rows without the mapper: what is set on them is written with their transaction, once and whole, or not at all."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import bindparam, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.audit import AuditEntry, entry
from chassis.callers import Caller
from chassis.columns import TEXTS
from chassis.db import Database, unreachable
from chassis.rows import Shape, driver_connection, gathered, let_go, read, write
from chassis.statements import BROKEN, Compiled
from tests.chassis.notes import SERVICE, Note
from tests.conftest import DatabaseOf

SHAPE = Shape(Note)
LOCKED = Compiled.of(
    select(
        gathered(
            select(*SHAPE.columns)
            .where(col(Note.person_ids).overlap(bindparam("people", type_=TEXTS)))
            .order_by(col(Note.number))
            .with_for_update()
        ),
        gathered(select(col(AuditEntry.action), col(AuditEntry.at)).order_by(col(AuditEntry.at))),
    )
)
EVERYBODY = {"people": ["P1", "P2"]}


@pytest.fixture
async def database(database_of: DatabaseOf) -> AsyncIterator[Database]:
    """Two notes, and nobody who looked at them."""
    found = Database(await database_of(SERVICE))
    async with found.transaction() as session:
        for number in (1, 2):
            record = {"number": number, "words": f"Note {number}", "person_ids": [f"P{number}"], "version": 1}
            SHAPE.added(session, record)
    yield found
    await found.close()


async def changing(session: AsyncSession) -> list[Note]:
    """The notes, to be changed."""
    ((notes, _),) = await read(session, LOCKED, EVERYBODY)
    return [SHAPE.changing(session, one) for one in notes]


async def now(database: Database) -> list[tuple[int, str, list[str], int]]:
    """The notes as anybody reads them."""
    rows = await database.statements.rows("SELECT number, words, person_ids, version FROM note ORDER BY number")
    return [(row["number"], row["words"], row["person_ids"], row["version"]) for row in rows]


async def test_what_is_set_is_written_at_the_end_of_the_transaction(database: Database) -> None:
    """Of several rows different columns, and what was set to what it had been is no change."""
    async with database.transaction() as session:
        first, second = await changing(session)
        first.words, first.version = "Other words, “quoted”, and café", 2
        second.person_ids, second.words = ["P2", "P3"], "For a moment"
        second.words = "Note 2"
        assert (await now(database))[0][1] == "Note 1", "nobody sees it before"
    assert await now(database) == [
        (1, "Other words, “quoted”, and café", ["P1"], 2),
        (2, "Note 2", ["P2", "P3"], 1),
    ]


async def test_nothing_is_written_of_what_was_undone(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            (await changing(session))[0].words = "Never"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.transaction() as session:
        (await changing(session))[0].words = "Never"
        await session.rollback()
    assert (await now(database))[0][1] == "Note 1"


async def test_one_statement_changes_adds_and_deletes(database: Database) -> None:
    """And what is set after it is written as well, once more."""
    caller = Caller("ada", frozenset())
    async with database.transaction() as session:
        first, second = await changing(session)
        first.words = "Written together"
        third = SHAPE.added(session, {"number": 3, "words": "Third", "person_ids": ["P1"], "version": 1})
        told = entry(caller, action="change", person_ids=["P1"], record="1")
        await write(session, {AuditEntry: [told]}, {Note: [second.number]})
        first.version = third.version = 2
    assert await now(database) == [(1, "Written together", ["P1"], 2), (3, "Third", ["P1"], 2)]
    async with database.transaction() as session:
        ((_, entries),) = await read(session, LOCKED, EVERYBODY)
        assert entries == [("change", told["at"])]


async def test_reading_sees_what_the_mapper_holds(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Note(number=7, words="By the mapper", person_ids=["P1"]))
        assert [one.number for one in await changing(session)] == [1, 2, 7]


async def test_what_was_let_go_is_written_by_somebody_else(database: Database) -> None:
    async with database.transaction() as session:
        first, _ = await changing(session)
        first.words = "Written in bulk, elsewhere"
        SHAPE.added(session, {"number": 8, "words": "As well", "person_ids": [], "version": 1})
        let_go(session)
    assert [words for _, words, _, _ in await now(database)] == ["Note 1", "Note 2"]


async def test_a_row_that_is_only_read_cannot_be_set_and_none_has_other_columns(database: Database) -> None:
    """Otherwise what was set would be lost in silence."""
    async with database.transaction() as session:
        ((notes, _),) = await read(session, LOCKED, EVERYBODY)
        with pytest.raises(AttributeError, match="words would not be written"):
            SHAPE.row(notes[0]).words = "Lost"
        with pytest.raises(AttributeError, match="no column owner"):
            SHAPE.changing(session, notes[0]).owner = "Lost"  # type: ignore[attr-defined]


async def test_the_drivers_connection_stands_in_the_transaction(database: Database) -> None:
    """Whatever is done on it first: COPY alone would be kept where all else is undone."""

    async def fail() -> None:
        async with database.transaction() as session:
            connection = await driver_connection(session)
            await connection.copy_records_to_table("note", records=[(9, "Copied", [], 1)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert len(await now(database)) == 2


async def test_a_connection_that_broke_is_not_used_again(database: Database) -> None:
    """The transaction fails as one whose database cannot be reached, and the next has another connection."""

    async def fail() -> None:
        async with database.transaction() as session:
            first, _ = await changing(session)
            process = (await driver_connection(session)).get_server_pid()
            await database.statements.first_row("SELECT pg_terminate_backend($1)", process)
            first.words = "Never"
            await read(session, LOCKED, EVERYBODY)

    with pytest.raises(BROKEN) as raised:
        await fail()
    assert unreachable(raised.value)
    async with database.transaction() as session:
        assert (await changing(session))[0].words == "Note 1"
