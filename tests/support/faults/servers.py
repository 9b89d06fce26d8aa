"""Databases on a PostgreSQL that a test started itself."""

from chassis.base.settings import Settings
from deploy.local.databases import create_database
from deploy.local.postgres import Server
from deploy.services import service_named
from tests.support.faults.tally import TALLY
from tests.support.settings import settings_for


async def migrated(server: Server, name: str) -> Settings:
    """A service's migrated database on this server."""
    service = TALLY if name == TALLY.name else service_named(name)
    addresses = await create_database(server, name, f"{name}_owner", name)
    settings = settings_for(service, addresses)
    await service.migrate(settings)
    return settings
