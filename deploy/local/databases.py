"""One database for each service, with two roles: one owns the tables and migrates, the other is what the service is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.local.postgres import PASSWORD, Server

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Addresses:
    """A database's address for the role that owns it, and for the role that works with it."""

    owner: str
    runtime: str


async def create_database(
    server: Server, name: str, owner_role: str, runtime_role: str, *, template: str | None = None
) -> Addresses:
    """Make a database and its two roles, as far as they are missing; nobody else can connect to it.

    Neither role is a superuser, and the runtime role owns nothing: what it may do, migrations grant. With a
    `template` the database begins as a copy of that one.
    """
    connection = await asyncpg.connect(server.url)
    try:
        for role in (owner_role, runtime_role):
            await _create_role(connection, role)
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            copied = f" TEMPLATE {quoted(template)}" if template else ""
            await connection.execute(f"CREATE DATABASE {quoted(name)} OWNER {quoted(owner_role)}{copied}")
        await connection.execute(f"REVOKE ALL ON DATABASE {quoted(name)} FROM PUBLIC")
        await connection.execute(f"GRANT CONNECT ON DATABASE {quoted(name)} TO {quoted(runtime_role)}")
    finally:
        await connection.close()
    return Addresses(server.url_of(owner_role, name), server.url_of(runtime_role, name))


async def _create_role(connection: asyncpg.Connection, role: str) -> None:
    if await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
        return
    try:
        await connection.execute(f"CREATE ROLE {quoted(role)} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{PASSWORD}'")
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        return  # Another process made it at this moment.


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it is made of."""
    return '"' + name.replace('"', '""') + '"'


async def outdated(databases: Mapping[str, Addresses]) -> list[str]:
    """The services whose databases are not at the newest version that the code knows.

    The databases themselves are asked: starting what migrates them takes seconds.
    """
    return [name for name, addresses in databases.items() if not await _is_newest(name, addresses)]


async def _is_newest(name: str, addresses: Addresses) -> bool:
    newest = {
        "chassis": _newest(ROOT / "chassis" / "db" / "migrations"),
        "public": _newest(ROOT / "services" / name / "migrations"),
    }
    connection = await asyncpg.connect(addresses.owner)
    try:
        return newest == {
            schema: await connection.fetchval(f"SELECT version_num FROM {schema}.alembic_version") for schema in newest
        }
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return False
    finally:
        await connection.close()


def _newest(migrations: Path) -> str:
    """The number of the last migration, with which its file begins."""
    return max(one.name.partition("_")[0] for one in migrations.glob("[0-9]*_*.py"))
