"""One service for all of these tests, emptied before each: making a database anew takes longer than most of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI

from chassis import copies, numbering
from chassis.settings import Settings
from deploy.local.databases import create_database, quoted
from deploy.local.postgres import Server
from deploy.services import service_named
from tests.conftest import _template, settings_for
from tests.services.escalations.desk import DIRECTORY, Desk
from tests.serving import Client, listening

TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'chassis')"


@dataclass
class Shared:
    """A running service, and the way to empty it."""

    address: str
    app: FastAPI
    settings: Settings
    superuser: asyncpg.Connection
    empty: str

    async def begin_anew(self) -> None:
        """Forget what the test before left, in the database and in the process; the audit's trigger must look away."""
        await self.superuser.execute(self.empty)
        for remembered in (copies._known, numbering._ahead):
            remembered.clear()


@pytest.fixture(scope="session")
async def shared(postgres: Server) -> AsyncIterator[Shared]:
    described: Any = service_named("escalations")
    name, owner = f"escalations_{uuid4().hex[:12]}", "escalations_owner"
    template = await _template(postgres, described)
    addresses = await create_database(postgres, name, owner, "escalations", template=template)
    settings = settings_for(described, addresses, log_level="error")
    superuser = await asyncpg.connect(postgres.url, database=name)
    await superuser.execute("SET session_replication_role = replica")
    tables = [f"{row['schemaname']}.{row['tablename']}" for row in await superuser.fetch(TABLES)]
    empty = f"TRUNCATE {', '.join(table for table in tables if not table.endswith('alembic_version'))}"
    app = described.web(settings)
    async with listening(app) as address:
        yield Shared(address, app, settings, superuser, empty + ";" + DIRECTORY)
    await superuser.close()
    connection = await asyncpg.connect(postgres.url)
    await connection.execute(f"DROP DATABASE {quoted(name)} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def desk(shared: Shared) -> AsyncIterator[Desk]:
    await shared.begin_anew()
    async with Client(shared.address, shared.app, shared.settings) as client:
        yield Desk(client)
