"""Which databases have to be migrated, asked of the databases themselves: starting what migrates them takes seconds."""

from collections.abc import Mapping
from pathlib import Path

import asyncpg

from deploy.local.databases import Addresses

ROOT = Path(__file__).parents[2]


async def outdated(databases: Mapping[str, Addresses]) -> list[str]:
    """The services whose databases are not at the newest version that the code knows."""
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
