"""Databases for the tests: migrated once, copied from there, and emptied for the next test that wants one.

A copy is made in some tens of milliseconds, but whoever connects to it first waits many times as long.
"""

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg

from deploy.local.databases import Addresses, create_database, quoted
from deploy.local.postgres import Server
from tests.support.settings import settings_for

if TYPE_CHECKING:
    from chassis.service import Service

# Faster than TRUNCATE by far, which makes the files of every table and index anew; what has grown is worth it.
EMPTY = """
    SET session_replication_role = replica;
    DO $$
    DECLARE kept record;
    BEGIN
        FOR kept IN
            SELECT format('%I.%I', schemaname, tablename)::regclass AS name FROM pg_tables
            WHERE schemaname IN ('public', 'chassis') AND tablename <> 'alembic_version'
        LOOP
            IF pg_relation_size(kept.name) > 1000000 THEN EXECUTE 'TRUNCATE ' || kept.name || ' CASCADE';
            ELSE EXECUTE 'DELETE FROM ' || kept.name;
            END IF;
        END LOOP;
    END $$
"""
SHAPE = """
    SELECT (SELECT string_agg(version_num, ',') FROM public.alembic_version),
        (SELECT string_agg(version_num, ',') FROM chassis.alembic_version),
        (SELECT md5(string_agg(concat(relname, relacl), ',' ORDER BY oid)) FROM pg_class WHERE relnamespace::regnamespace
            IN ('public', 'chassis')),
        (SELECT md5(string_agg(concat(tgname, tgenabled), ',' ORDER BY oid)) FROM pg_trigger)
"""
END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
    AND pid <> pg_backend_pid()"


class Databases:
    """The databases of one worker, by what they are migrated for."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._free: defaultdict[str, list[str]] = defaultdict(list)
        self._shapes: dict[str, list[str]] = {}

    async def take(self, service: "Service") -> tuple[str, Addresses]:
        """A migrated and empty database of this service: its name, and where it is."""
        free, owner = self._free[service.name], f"{service.name}_owner"
        if free:
            name = free.pop()
            return name, Addresses(self.server.url_of(owner, name), self.server.url_of(service.name, name))
        template = await self._template(service)
        name = f"{service.name}_{uuid4().hex[:12]}"
        addresses = await create_database(self.server, name, owner, service.name, template=template)
        if service.name not in self._shapes:
            # Not of the template: nobody may look at it while another worker copies it.
            connection = await asyncpg.connect(self.server.url, database=name)
            self._shapes[service.name] = list(await connection.fetchrow(SHAPE))
            await connection.close()
        return name, addresses

    async def give_back(self, service: "Service", name: str) -> None:
        """Empty it for the next test; a database to whose shape something was done is dropped."""
        connection = await asyncpg.connect(self.server.url, database=name)
        await connection.execute(END_OTHERS)
        shape = list(await connection.fetchrow(SHAPE))
        if whole := shape == self._shapes[service.name]:
            await connection.execute(EMPTY)
        await connection.close()
        if whole:
            self._free[service.name].append(name)
        else:
            await self.drop(name)

    async def drop_all(self) -> None:
        """Drop those that nobody has."""
        for name in (name for free in self._free.values() for name in free):
            await self.drop(name)
        self._free.clear()

    async def drop(self, name: str) -> None:
        """Drop a database that nobody will want again."""
        connection = await asyncpg.connect(self.server.url)
        await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        await connection.close()

    async def _template(self, service: "Service") -> str:
        """A migrated database of this service to copy, made once for the run by whoever needs it first."""
        name = f"template_{service.name}"
        connection = await asyncpg.connect(self.server.url)
        try:
            await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
            if not await connection.fetchval("SELECT datistemplate FROM pg_database WHERE datname = $1", name):
                await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
                addresses = await create_database(self.server, name, f"{service.name}_owner", service.name)
                await service.migrate(settings_for(service, addresses))
                await connection.execute(f"ALTER DATABASE {quoted(name)} IS_TEMPLATE true")
        finally:
            await connection.close()
        return name
