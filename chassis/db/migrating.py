"""Databases are built and kept current by migrating: the chassis's own history first, then the service's.

Both are linear and numbered. They run as the role that owns the tables; the role that the service runs as gets what
it needs and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import asyncpg
import structlog
from alembic import op
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.base.settings import Settings
from chassis.db.connecting import CONNECT_SECONDS, encrypted
from chassis.db.database import DRIVER, SCHEMA, Database

VERSION_TABLE = "alembic_version"
CHASSIS_MIGRATIONS = Path(__file__).parent / "migrations"
# A migration that cannot get its lock by then gives up, rather than queue every request behind it.
LOCK_TIMEOUT = "5s"

log = structlog.get_logger()


class UnknownVersion(Exception):
    """A database is at a version that its history does not have."""

    def __init__(self, schema: str, version: str) -> None:
        super().__init__(
            f"The database is at version {version} of the schema {schema}, which this release does not know: "
            "it is of a later release, or from before version 0.1.0 and has to be removed (`make clean`)."
        )


@dataclass(frozen=True)
class History:
    """One numbered history of migrations, and the schema whose version table says how far it has come."""

    folder: Path
    schema: str

    @property
    def scripts(self) -> ScriptDirectory:
        """The migrations as Alembic reads them."""
        return ScriptDirectory(str(self.folder), version_locations=[str(self.folder)])

    @property
    def newest(self) -> str | None:
        """The number of the last migration."""
        return self.scripts.get_current_head()


def histories(service_migrations: Path) -> Sequence[History]:
    """The histories of a service's database, in the order in which they run."""
    return History(CHASSIS_MIGRATIONS, SCHEMA), History(service_migrations, "public")


async def migrate(settings: Settings, service_migrations: Path) -> None:
    """Bring a service's database to its newest version and grant the service's role what it needs."""
    owner_url = settings.migration_database_url.get_secret_value()
    role = make_url(settings.database_url.get_secret_value()).username or ""

    async def connected(*_: Any, **__: Any) -> asyncpg.Connection:
        """Encrypted as everywhere, without the time limits of a service's statements."""
        return await asyncpg.connect(encrypted(owner_url, settings.environment), timeout=CONNECT_SECONDS)

    engine = create_async_engine(DRIVER, poolclass=pool.NullPool, connect_args={"async_creator_fn": connected})
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            # Two migrations at once would do everything twice: the second waits for the first.
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
            await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            for history in histories(service_migrations):
                await connection.run_sync(_upgrade, history)
            for statement in _grants(role):
                await connection.execute(text(statement))
    finally:
        await engine.dispose()
    log.info("migrated")


def _upgrade(connection: Connection, history: History) -> None:
    scripts = history.scripts
    known = {script.revision for script in scripts.walk_revisions()}

    def to_newest(versions: tuple[str, ...], _: MigrationContext) -> Any:
        for version in set(versions) - known:
            raise UnknownVersion(history.schema, version)
        return scripts._upgrade_revs("head", cast("Any", versions))  # noqa: SLF001 -- as Alembic's own command does.

    with EnvironmentContext(Config(), scripts, fn=to_newest) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE, version_table_schema=history.schema)
        environment.run_migrations()


def run_sql_beside(migration: str) -> None:
    """Run the SQL file of the same name as a migration, in the migration's transaction."""
    statements = Path(migration).with_suffix(".sql").read_text()
    connection: Any = op.get_bind().connection.dbapi_connection
    # The driver itself takes several statements at once; SQLAlchemy would prepare them, which takes one.
    connection.run_async(lambda driver: driver.execute(statements))


def _grants(role: str) -> list[str]:
    quoted = '"' + role.replace('"', '""') + '"'
    return [
        f"GRANT USAGE ON SCHEMA public, {SCHEMA} TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, {SCHEMA} TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public, {SCHEMA} TO {quoted}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {SCHEMA}.audit_entry FROM {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON public.{VERSION_TABLE}, {SCHEMA}.{VERSION_TABLE} FROM {quoted}",
    ]


async def is_migrated(database: Database, service_migrations: Path) -> bool:
    """Whether the database is at the newest version that this process knows."""
    for history in histories(service_migrations):
        try:
            row = await database.statements.first_row(f"SELECT version_num FROM {history.schema}.{VERSION_TABLE}")
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.InsufficientPrivilegeError):
            return False
        if row is None or row[0] != history.newest:
            return False
    return True
