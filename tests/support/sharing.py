"""One service for all tests of a folder, emptied before each: making a database anew takes longer than most of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from fastapi import FastAPI

from chassis.base.settings import Settings
from deploy.local.postgres import Server
from deploy.services import service_named
from tests.support.databases import EMPTY, Databases
from tests.support.serving import Client, listening
from tests.support.settings import settings_for


@dataclass
class Shared:
    """A running service, and the way to empty it."""

    address: str
    app: FastAPI
    settings: Settings
    superuser: asyncpg.Connection
    empty: str

    async def begin_anew(self) -> None:
        """Forget what the test before left in the database; the audit's trigger must look away."""
        await self.superuser.execute(self.empty)

    def client(self) -> Client:
        """Somebody who asks it."""
        return Client(self.address, self.app, self.settings)


@asynccontextmanager
async def shared_service(postgres: Server, service: str, directory: str, **changes: Any) -> AsyncIterator[Shared]:
    """A service on a database of its own; `directory` is the SQL that fills it before each test.

    `changes` are what its settings say besides.
    """
    described: Any = service_named(service)
    databases = Databases(postgres)
    name, addresses = await databases.take(described)
    settings = settings_for(described, addresses, log_level="error", **changes)
    superuser = await asyncpg.connect(postgres.url, database=name)
    app = described.web(settings)
    async with listening(app) as address:
        yield Shared(address, app, settings, superuser, f"{EMPTY};{directory}")
    await superuser.close()
    await databases.drop(name)
