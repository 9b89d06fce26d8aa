"""How old months leave the audit: each is written to a file, and dropped once the file is safe on the disk."""

import os
from datetime import datetime
from pathlib import Path

import asyncpg

from chassis.base.settings import Settings
from chassis.db.connecting import CONNECT_SECONDS, encrypted
from chassis.db.migrating import LOCK_TIMEOUT

# Partitions are named for their month: what has none, the default one, is never dropped.
_EXPIRED = r"""
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'chassis.audit_entry'::regclass AND relname ~ '^entry_\d{4}_\d{2}$'
        AND relname < to_char($1::timestamptz - make_interval(months => $2), '"entry_"YYYY_MM')
    ORDER BY relname
"""


async def archive(settings: Settings, folder: Path, months: int, now: datetime) -> list[Path]:
    """Write what is older than so many whole months to files of a folder, a month each, and drop it."""
    connection = await asyncpg.connect(
        encrypted(settings.migration_database_url.get_secret_value(), settings.environment),
        server_settings={"timezone": "UTC", "lock_timeout": LOCK_TIMEOUT},
        timeout=CONNECT_SECONDS,
    )
    try:
        expired = [row["relname"] for row in await connection.fetch(_EXPIRED, now, months)]
        return [await _archived(connection, name, folder, settings.service_name) for name in expired]
    finally:
        await connection.close()


async def _archived(connection: asyncpg.Connection, name: str, folder: Path, service: str) -> Path:
    path = folder / f"{service}-audit-{name.removeprefix('entry_').replace('_', '-')}.csv"
    unfinished = path.with_suffix(".unfinished")
    async with connection.transaction():
        await connection.execute(f"LOCK TABLE audit.{name} IN SHARE MODE")
        unfinished.touch(mode=0o600)
        with unfinished.open("wb") as file:
            await connection.copy_from_table(name, schema_name="audit", output=file, format="csv", header=True)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync(folder)
        await connection.execute(f"DROP TABLE audit.{name}")
    return path


def _sync(folder: Path) -> None:
    """Have the disk keep a folder's names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
