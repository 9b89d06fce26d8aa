"""Events by pgqueuer."""

import json
import os

import aiohttp
import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from bench.peers.webhooks import CONNECTIONS, post


async def main(url: str, count: int) -> None:
    """Queue them all, then send them all."""
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], server_settings={"search_path": "peers"})
    driver = AsyncpgPoolDriver(pool)
    queries = Queries(driver)
    await queries.install()
    await queries.enqueue(
        ["tell"] * count, [json.dumps({"number": number}).encode() for number in range(count)], [0] * count
    )
    queue = PgQueuer(driver)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http:

        @queue.entrypoint("tell")
        async def tell(job: Job) -> None:
            await post(http, url, (job.payload or b"").decode())

        await queue.qm.run(batch_size=100, mode=QueueExecutionMode.drain)
    await pool.close()
