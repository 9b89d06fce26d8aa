"""What is measured: a throwaway PostgreSQL, and the services and their floors as processes of their own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from chassis.base.settings import Settings
from deploy.local import postgres
from deploy.local.databases import create_database
from deploy.services import service_named
from tests import keys

SEED = """
    INSERT INTO escalation (id, reference, kind, state, theme, reason, person_ids, meeting_reference, meeting_on,
        raised_on, raised_by, owner_id, agency_id, agency_role, professional_name, professional_team, area_id, stage,
        stage_due_on, due_on, answer, first_answered_on, imported, version)
    SELECT gen_random_uuid(), 'ESC-' || (2010 + n % 10) || '-' || lpad(n::text, 7, '0'), 'conference_contribution',
        CASE WHEN n % 4 = 0 THEN 'answered' ELSE 'open' END, NULL,
        (ARRAY['no_report_no_apologies', 'no_apologies', 'report_late'])[1 + n % 3], ARRAY['P' || n % 5000],
        'CONF-' || n % 9000, day, day, 'chair-' || n % 20, 'chair-' || n % 20, 'agency-' || n % 15, 'gp',
        'Robin Invented', 'Team ' || n % 40, CASE WHEN n % 2 = 0 THEN 'north' ELSE 'south' END, 1, day + 60, day + 60,
        CASE WHEN n % 4 = 0 THEN 'dealt_with' END, CASE WHEN n % 4 = 0 THEN day + n % 50 END, false, 1
    FROM (SELECT n, DATE '2010-04-01' + (n::bigint * 3650 / $1)::int AS day FROM generate_series(1, $1::int) n) days
"""
DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, version, attributes) VALUES ('colleague', 'chair-1', 1, '{"roles": ["chair"]}'),
        ('area', 'north', 1, '{}'), ('agency', 'agency-1', 1, '{"roles": ["gp"]}')
"""

PROCESSES = 3


@asynccontextmanager
async def server() -> AsyncIterator[postgres.Server]:
    """A throwaway PostgreSQL whose commits wait for the disk, as production's do."""
    folder = Path(tempfile.mkdtemp(prefix="chairs-bench-"))
    folder.chmod(0o711)
    async with postgres.running(folder / "postgres", postgres.free_port(), fsync=True) as running:
        yield running
    postgres.remove(folder)


async def migrated(running: postgres.Server, service: str, name: str, **changes: Any) -> Settings:
    """The settings of a service with a fresh migrated database."""
    addresses = await create_database(running, name, f"{service}_owner", service)
    described = service_named(service)
    settings = described.settings(
        environment="development",
        service_name=service,
        database_url=addresses.runtime,
        migration_database_url=addresses.owner,
        internal_signing_key=keys.private_jwk(service),
        internal_trusted_keys=keys.trusted_keys(),
        webhook_publishers={one: [keys.webhook_secret(one, service)] for one in keys.ISSUERS},
        log_level="error",
        **changes,
    )
    await described.migrate(settings)
    return settings


async def seeded(settings: Settings, count: int) -> None:
    """Fill the escalations' table with so many rows, over ten years."""
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute(DIRECTORY)
    await connection.execute(SEED, count)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


class Program:
    """A process of the bench."""

    def __init__(self, what: str, port: int, given: dict[str, Any]) -> None:
        environment = os.environ | {"BENCH": json.dumps(given, default=str)}
        command = [sys.executable, "-m", "bench.serve", what, str(port)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}"

    async def ready(self, path: str = "/health/ready") -> None:
        """Wait until it answers."""
        for _ in range(200):
            try:
                await asyncio.to_thread(urllib.request.urlopen, self.url + path, timeout=2)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{self.url} does not answer.")

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


@asynccontextmanager
async def program(what: str, given: dict[str, Any], path: str = "/health/ready") -> AsyncIterator[Program]:
    """A process of the bench for the length of a block, once it answers."""
    running = Program(what, postgres.free_port(), given)
    try:
        await running.ready(path)
        yield running
    finally:
        running.stop()


@asynccontextmanager
async def programs(what: str, given: dict[str, Any]) -> AsyncIterator[list[Program]]:
    """Several processes that are alike: one alone is up to a sixth quicker or slower for as long as it lives."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(program(what, given)) for _ in range(PROCESSES)]


def plain(settings: Settings) -> dict[str, Any]:
    """Settings with their secrets, as a process of the bench is given them."""
    return {
        name: json.loads(json.dumps(value, default=_revealed))
        for name, value in settings.model_dump().items()
        if name != "send_at"
    }


def _revealed(value: Any) -> Any:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
