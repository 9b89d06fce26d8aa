"""Databases are what the models say, go one way only, and are changed without holding anybody up."""

import ast
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.db import migrating
from chassis.db.database import SCHEMA
from chassis.db.database import Base as ChassisBase
from chassis.db.migrating import CHASSIS_MIGRATIONS, VERSION_TABLE, History, histories
from chassis.service import Service
from deploy.services import SERVICES, service_named
from tests.support.running import DatabaseOf

each_service = pytest.mark.parametrize("name", SERVICES)
FOLDERS = [CHASSIS_MIGRATIONS, *(service_named(name).migrations for name in SERVICES)]
LONGEST_LOCK_SECONDS = 5

# Indexes stand in migrations alone, where they can be partial, of their own operator class, or made beside the work;
# so a model that asks for an index is what would be wrong, not a database that has one.
ONLY_IN_MIGRATIONS = {"remove_index"}


def found_different(connection: Connection, metadata: MetaData, schema: str | None) -> list[Any]:
    """What a schema of the database has otherwise than the models say."""

    def included(_: Any, name: str | None, kind: str, __: Any, ___: Any) -> bool:
        return not (kind == "table" and name == VERSION_TABLE)

    def of_this_schema(name: str | None, kind: str, _: Any) -> bool:
        return kind != "schema" or name == schema

    options = {
        "compare_type": True,
        "compare_server_default": False,
        "include_schemas": True,
        "include_object": included,
        "include_name": of_this_schema,
    }
    differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    flat = [difference for many in differences for difference in (many if isinstance(many, list) else [many])]
    return [difference for difference in flat if difference[0] not in ONLY_IN_MIGRATIONS]


@each_service
async def test_the_migrated_database_is_what_the_models_say(name: str, database_of: DatabaseOf) -> None:
    """Tables, columns, types, what may be empty, and foreign keys.

    Defaults are the models' own business, and `ondelete` of the deliveries that go with their event is the database's.
    """
    service, settings = service_named(name), await database_of(name)
    url = make_url(settings.migration_database_url.get_secret_value())
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        own = await connection.run_sync(found_different, service.metadata, None)
        chassis = await connection.run_sync(found_different, ChassisBase.metadata, SCHEMA)
        keys = await connection.run_sync(primary_keys, service)
    await engine.dispose()
    assert own == []
    assert [difference for difference in chassis if not _goes_with_its_event(difference)] == []
    assert keys["database"] == keys["models"]


def _goes_with_its_event(difference: Any) -> bool:
    kind, constraint = difference[0], difference[1]
    return kind in {"add_fk", "remove_fk"} and constraint.table.name == "delivery"


def primary_keys(connection: Connection, service: Service) -> dict[str, dict[str, set[str]]]:
    """The primary key of every table: in the database, and in the models; Alembic does not compare them."""
    look = inspect(connection)
    tables = [*service.metadata.sorted_tables, *ChassisBase.metadata.sorted_tables]
    return {
        "database": {
            table.fullname: set(look.get_pk_constraint(table.name, table.schema)["constrained_columns"])
            for table in tables
        },
        "models": {table.fullname: {column.name for column in table.primary_key.columns} for table in tables},
    }


@each_service
async def test_what_is_searched_has_an_index(name: str, database_of: DatabaseOf) -> None:
    """Every foreign key that is followed backwards has an index that begins with it; the directory is too small."""
    settings = await database_of(name)
    small = {"colleague", "coverage"}
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    rows = await connection.fetch(
        """
        SELECT key.conrelid::regclass::text AS table, attribute.attname AS column FROM pg_constraint key
        JOIN pg_attribute attribute ON attribute.attrelid = key.conrelid AND attribute.attnum = key.conkey[1]
        WHERE key.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index WHERE indrelid = key.conrelid AND indkey[0] = key.conkey[1]
        )
        """
    )
    await connection.close()
    missing = {(row["table"], row["column"]) for row in rows if row["table"] not in small}
    assert missing <= {("escalation_move", "answer_id")}, "answers are never deleted, so nobody follows this one back"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_histories_are_numbered_and_go_one_way(folder: Path) -> None:
    scripts = sorted(folder.glob("[0-9]*.py"))
    assert scripts
    numbers = [script.stem.partition("_")[0] for script in scripts]
    assert numbers == [f"{number:04}" for number in range(1, len(scripts) + 1)]
    for script, number in zip(scripts, numbers, strict=True):
        tree = ast.parse(script.read_text())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert "upgrade" in functions
        assert "downgrade" not in functions, f"{script.name}: what was dropped cannot be brought back by a script"
        given = _assigned(tree)
        assert given["revision"] == number
        assert given["down_revision"] == (None if number == "0001" else f"{int(number) - 1:04}")
    assert History(folder, "any").newest == numbers[-1]


def _assigned(tree: ast.Module) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found |= {target.id: node.value.value for target in node.targets if isinstance(target, ast.Name)}
    return found


@each_service
async def test_a_migration_that_gets_no_lock_gives_up_and_changes_nothing(
    name: str, database_of: DatabaseOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads holds it up for as long as they read, and nobody queues behind it for longer than its timeout."""
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "200ms")
    service, settings = service_named(name), await database_of(name)
    before = await state(settings.migration_database_url.get_secret_value())
    reader = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    async with reader.transaction():
        await reader.execute(f"LOCK TABLE {SCHEMA}.{VERSION_TABLE} IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Exception, match="lock timeout"):
            await service.migrate(settings)
    await reader.close()
    assert await state(settings.migration_database_url.get_secret_value()) == before


async def state(url: str) -> dict[str, Any]:
    """The versions of both histories, and the names of all relations."""
    connection = await asyncpg.connect(url)
    versions = [
        await connection.fetchval(f"SELECT version_num FROM {history.schema}.{VERSION_TABLE}")
        for history in histories(Path("nowhere"))
    ]
    relations = await connection.fetch(
        "SELECT relname FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace "
        "WHERE nspname IN ('public', 'chassis') ORDER BY relname"
    )
    await connection.close()
    return {"versions": versions, "relations": [row["relname"] for row in relations]}


@each_service
async def test_migrating_again_changes_nothing(name: str, database_of: DatabaseOf) -> None:
    service, settings = service_named(name), await database_of(name)
    url = settings.migration_database_url.get_secret_value()
    before = await state(url)
    await service.migrate(settings)
    assert await state(url) == before


def test_a_migrations_timeout_is_short() -> None:
    assert int(migrating.LOCK_TIMEOUT.removesuffix("s")) <= LONGEST_LOCK_SECONDS


@each_service
async def test_the_running_service_cannot_change_its_tables(name: str, database_of: DatabaseOf) -> None:
    """It owns nothing: neither a table nor the history of migrations, and the audit is not its to alter."""
    settings = await database_of(name)
    connection = await asyncpg.connect(settings.database_url.get_secret_value())
    owned = await connection.fetchval("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
    assert owned == 0
    for statement in (
        "CREATE TABLE public.mine (id int)",
        f"UPDATE public.{VERSION_TABLE} SET version_num = '9999'",
        f"UPDATE {SCHEMA}.audit_entry SET caller = ''",
        f"DELETE FROM {SCHEMA}.audit_entry",
        f"DROP TABLE {SCHEMA}.audit_entry",
        f"TRUNCATE {SCHEMA}.audit_entry",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
