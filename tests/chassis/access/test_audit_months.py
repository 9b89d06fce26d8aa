"""The audit by months: nothing can be altered, and old months leave by a file."""

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chassis.access.audit import MAKE_PARTITIONS
from chassis.base import clock
from chassis.base.settings import Settings
from chassis.jobs.housekeeping import keep_house
from deploy import audit_archive
from tests.support.chassis.notes import SERVICE
from tests.support.running import DatabaseOf, Running
from tests.support.waiting import eventually

NOW = datetime.now(UTC)  # noqa: TID251 -- PostgreSQL's own clock names the first partition.
THIS_MONTH = f"{NOW:entry_%Y_%m}"
LATER = datetime(2140, 1, 31, tzinfo=UTC)
ENTRY = """
    INSERT INTO chassis.audit_entry (id, at, caller, roles, action, person_ids, record)
    VALUES (gen_random_uuid(), $1, 'chair-1', '{chair}', 'read', '{P1,P2}', 'a "record", with a comma')
"""
PLACES = "SELECT at, tableoid::regclass::text AS place FROM chassis.audit_entry ORDER BY at"
PARTITIONS = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'audit'::regnamespace AND relkind = 'r' ORDER BY relname"
)


@pytest.fixture
async def settings(database_of: DatabaseOf) -> Settings:
    return await database_of(SERVICE)


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    yield connection
    await connection.close()


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url.get_secret_value())
    yield connection
    await connection.close()


async def partitions(connection: asyncpg.Connection) -> list[str]:
    return [row["relname"] for row in await connection.fetch(PARTITIONS)]


async def places(connection: asyncpg.Connection) -> list[tuple[datetime, str]]:
    return [(row["at"], row["place"].removeprefix("audit.")) for row in await connection.fetch(PLACES)]


async def test_coming_months_have_their_partitions(service: asyncpg.Connection, owner: asyncpg.Connection) -> None:
    """Made by the service, which owns none; once, however often that is asked for."""
    before = await partitions(owner)
    assert len(before) == 5
    for _ in range(2):
        await service.execute(MAKE_PARTITIONS, LATER)
    made = ["entry_2140_01", "entry_2140_02", "entry_2140_03", "entry_2140_04"]
    assert await partitions(owner) == sorted([*before, *made])
    moments = [NOW, datetime(2139, 1, 1, tzinfo=UTC), LATER.replace(day=1), datetime(2140, 2, 1, tzinfo=UTC)]
    for at in moments:
        await service.execute(ENTRY, at)
    expected = [THIS_MONTH, "entry_default", "entry_2140_01", "entry_2140_02"]
    assert await places(service) == list(zip(moments, expected, strict=True))
    assert await owner.fetchval("SELECT count(*) FROM pg_class WHERE 'fastupdate=off' = ANY(reloptions)") == 10


async def test_housekeeping_makes_them(running: Running, settings: Settings, owner: asyncpg.Connection) -> None:
    process = (await running(SERVICE, settings)).process

    async def made() -> bool:
        return f"{clock.now():entry_%Y_%m}" in await partitions(owner)

    with clock.shifted(timedelta(days=400)):
        assert not await made()
        housekeeping = asyncio.ensure_future(keep_house(process))
        assert await eventually(made)
        housekeeping.cancel()
        await asyncio.gather(housekeeping, return_exceptions=True)


async def test_entries_that_came_before_their_partition_stay(service: asyncpg.Connection) -> None:
    await service.execute(ENTRY, LATER)
    for moment in (LATER, NOW - timedelta(days=400)):
        await service.execute(MAKE_PARTITIONS, moment)
    assert await places(service) == [(LATER, "entry_default")]


@pytest.mark.parametrize("sql", ["UPDATE {} SET caller = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_no_partition_can_be_altered(service: asyncpg.Connection, owner: asyncpg.Connection, sql: str) -> None:
    await service.execute(MAKE_PARTITIONS, LATER)
    for table in await partitions(owner):
        for connection in (service, owner):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(sql.format(f"audit.{table}"))


async def test_old_months_leave_by_a_file(settings: Settings, owner: asyncpg.Connection, tmp_path: Path) -> None:
    await owner.execute(MAKE_PARTITIONS, LATER)
    for at in (NOW, LATER, LATER + timedelta(days=3)):
        await owner.execute(ENTRY, at)
    first: Any = await owner.fetchrow("SELECT * FROM chassis.audit_entry ORDER BY at")
    kept_until = datetime(2142, 1, 1, tzinfo=UTC)
    before = await partitions(owner)
    files = await audit_archive.archive(settings, tmp_path, 23, kept_until)
    assert [path.name for path in files] == [
        f"notes-audit-{name[6:].replace('_', '-')}.csv" for name in before if name < "entry_2140_02"
    ]
    assert sorted(tmp_path.iterdir()) == files
    assert await partitions(owner) == [name for name in before if name >= "entry_2140_02"]
    assert [at for at, _ in await places(owner)] == [LATER + timedelta(days=3)]
    with (tmp_path / f"notes-audit-{NOW:%Y-%m}.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["person_ids"], row["record"]) == (str(first["id"]), "{P1,P2}", first["record"])
    assert await audit_archive.archive(settings, tmp_path, 23, kept_until) == []


async def test_a_month_that_cannot_be_exported_is_kept(
    settings: Settings, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await owner.execute(ENTRY, NOW)
    with pytest.raises(FileNotFoundError):
        await audit_archive.archive(settings, tmp_path / "missing", 1, LATER)
    assert await places(owner) == [(NOW, THIS_MONTH)]
