"""Which databases have to be migrated when the local system starts."""

import asyncpg
import pytest

from chassis.db.migrating import CHASSIS_MIGRATIONS, History
from deploy.local import databases
from deploy.local.databases import Addresses, create_database
from deploy.local.postgres import Server
from deploy.services import SERVICES, service_named
from tests.support.running import DatabaseOf


@pytest.mark.parametrize("name", SERVICES)
def test_the_newest_version_is_the_one_that_migrating_leads_to(name: str) -> None:
    service = service_named(name)
    assert databases._newest(service.migrations) == History(service.migrations, "public").newest
    assert databases._newest(CHASSIS_MIGRATIONS) == History(CHASSIS_MIGRATIONS, "chassis").newest


async def test_what_is_empty_or_behind_is_migrated_and_nothing_else(database_of: DatabaseOf, postgres: Server) -> None:
    found = {}
    for name in SERVICES:
        settings = await database_of(name)
        url = settings.migration_database_url.get_secret_value()
        found[name] = Addresses(owner=url, runtime=settings.database_url.get_secret_value())
    assert await databases.outdated(found) == []
    connection = await asyncpg.connect(found["reviews"].owner)
    await connection.execute("UPDATE public.alembic_version SET version_num = '0000'")
    await connection.close()
    found["conferences"] = await create_database(postgres, "never_migrated", "conferences_owner", "conferences")
    assert await databases.outdated(found) == ["reviews", "conferences"]
    connection = await asyncpg.connect(postgres.url)
    await connection.execute("DROP DATABASE never_migrated")
    await connection.close()
