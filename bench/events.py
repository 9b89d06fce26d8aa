"""Events: the relay's rate one by one and in batches, against pgqueuer; and from commit to effect."""

import asyncio
import json
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import aiohttp
import asyncpg
from uuid_utils.compat import uuid7

from bench.http import Result
from bench.system import Program, migrated, plain, program
from chassis.db.connecting import plain_url
from chassis.events.signing import sign
from deploy.local.postgres import Server
from tests import keys

COUNT = 4000
LATENCY_COUNT = 100
PER_SECOND = 20


async def _fill(connection: asyncpg.Connection, count: int) -> None:
    now = datetime.now(UTC)
    rows = [
        (uuid7(), "escalation.raised", f"ESC-2020-{n}", now, json.dumps({"reference": f"ESC-2020-{n}"}), None, None)
        for n in range(count)
    ]
    columns = ["id", "type", "subject", "at", "data", "request_id", "addressed_at"]
    await connection.execute("ALTER TABLE chassis.outgoing DISABLE TRIGGER outgoing_wakes_relay")
    await connection.copy_records_to_table("outgoing", schema_name="chassis", records=rows, columns=columns)
    await connection.execute("ALTER TABLE chassis.outgoing ENABLE TRIGGER outgoing_wakes_relay")


async def _relay_rate(
    running: Server, hook: Program, secret: str, heard: asyncpg.Connection, *, batched: bool
) -> float:
    """Events per second of one relay that finds a full outbox."""
    settings = await migrated(
        running,
        "escalations",
        f"bench_relay_{int(batched)}",
        worker_in_web=True,
        allow_private_webhook_addresses=True,
        webhook_subscribers=[{"name": "hook", "url": f"{hook.url}/webhooks/events", "secrets": [secret]}]
        if batched
        else [],
    )
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    if not batched:
        await connection.execute(
            "INSERT INTO chassis.webhook_endpoint (id, url, description, event_types, secret, created_at, created_by, "
            "version) VALUES ($1, $2, '', '{}', $3, now(), 'bench', 1)",
            uuid7(),
            f"{hook.url}/webhooks/events",
            secret,
        )
    await heard.execute("TRUNCATE heard")
    await _fill(connection, COUNT)
    async with program("escalations", plain(settings)):
        while not await heard.fetchval("SELECT count(*) FROM heard"):
            await asyncio.sleep(0.001)
        began, first = time.perf_counter(), await heard.fetchval("SELECT count(*) FROM heard")
        while (count := await heard.fetchval("SELECT count(*) FROM heard")) < COUNT:
            await asyncio.sleep(0.01)
        seconds = time.perf_counter() - began
    await connection.close()
    return float((count - first) / seconds)


async def _pgqueuer_rate(url: str, hook: Program, secret: str, heard: asyncpg.Connection) -> float:
    """The same signed requests by pgqueuer, a queue of good repute on the same database server."""
    from pgqueuer import PgQueuer
    from pgqueuer.db import AsyncpgPoolDriver
    from pgqueuer.models import Job
    from pgqueuer.queries import Queries
    from pgqueuer.types import QueueExecutionMode

    await heard.execute("TRUNCATE heard")
    pool = await asyncpg.create_pool(url, min_size=4, max_size=10)
    driver = AsyncpgPoolDriver(pool)
    queries = Queries(driver)
    await queries.install()
    bodies: list[bytes | None] = [
        json.dumps({"id": str(uuid7()), "type": "escalation.raised"}).encode() for _ in range(COUNT)
    ]
    await queries.enqueue(["hook"] * COUNT, bodies, [0] * COUNT)
    queue = PgQueuer(driver)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=16)) as http:

        @queue.entrypoint("hook")
        async def post(job: Job) -> None:
            body = (job.payload or b"").decode()
            headers = sign([secret], str(uuid7()), datetime.now(UTC), body)
            headers["Content-Type"] = "application/cloudevents+json"
            async with http.post(f"{hook.url}/webhooks/events", data=body.encode(), headers=headers) as answer:
                answer.raise_for_status()

        began = time.perf_counter()
        await queue.qm.run(batch_size=100, mode=QueueExecutionMode.drain)
        seconds = time.perf_counter() - began
    await pool.close()
    if (count := await heard.fetchval("SELECT count(*) FROM heard")) != COUNT:
        raise RuntimeError(f"Only {count} were heard.")
    return COUNT / seconds


async def _latencies(running: Server, hook: Program, secret: str, heard: asyncpg.Connection) -> tuple[float, float]:
    """Median milliseconds from an event's commit to its effect, and of a bare signed request with the same effect."""
    settings = await migrated(
        running,
        "escalations",
        "bench_latency",
        worker_in_web=True,
        webhook_subscribers=[{"name": "hook", "url": f"{hook.url}/webhooks/events", "secrets": [secret]}],
    )
    connection = await asyncpg.connect(plain_url(settings.database_url.get_secret_value()))
    ours, bare = [], []
    async with program("escalations", plain(settings)), aiohttp.ClientSession() as http:
        for _ in range(LATENCY_COUNT):
            key = uuid7()
            await connection.execute(
                "INSERT INTO chassis.outgoing (id, type, subject, at, data) "
                "VALUES ($1, 'escalation.raised', 'x', now(), '{}')",
                key,
            )
            committed = datetime.now(UTC)
            while (effect := await heard.fetchval("SELECT at FROM heard WHERE id = $1", key)) is None:
                await asyncio.sleep(0.001)
            ours.append((effect - committed).total_seconds() * 1000)
            await asyncio.sleep(1 / PER_SECOND)
        for _ in range(LATENCY_COUNT):
            key = uuid7()
            body = json.dumps({"id": str(key)})
            began = datetime.now(UTC)
            headers = sign([secret], str(key), datetime.now(UTC), body)
            async with http.post(f"{hook.url}/webhooks/events", data=body.encode(), headers=headers) as answer:
                answer.raise_for_status()
            effect = await heard.fetchval("SELECT at FROM heard WHERE id = $1", key)
            bare.append((effect - began).total_seconds() * 1000)
            await asyncio.sleep(1 / PER_SECOND)
    await connection.close()
    return statistics.median(ours), statistics.median(bare)


async def measure(running: Server) -> list[Result]:
    """All of it."""
    secret = keys.webhook_secret("bench", "hook")
    subscriber = await migrated(running, "notifications", "bench_subscriber")
    given: dict[str, Any] = {
        "database_url": subscriber.migration_database_url.get_secret_value(),
        "secret": secret,
    }
    async with program("hook", given) as hook:
        heard = await asyncpg.connect(given["database_url"])
        one = await _relay_rate(running, hook, secret, heard, batched=False)
        many = await _relay_rate(running, hook, secret, heard, batched=True)
        queue = await migrated(running, "notifications", "bench_pgqueuer")
        theirs = await _pgqueuer_rate(queue.migration_database_url.get_secret_value(), hook, secret, heard)
        ours, bare = await _latencies(running, hook, secret, heard)
        await heard.close()
    return [
        Result("events, one per request", "pgqueuer", one, theirs, "/s", "≥ 1.0"),
        Result("events, in batches", "one per request", many, one, "/s", "≥ 4"),
        Result("from commit to effect, median", "bare signed request", ours, bare, "ms", "≤ 3"),
    ]
