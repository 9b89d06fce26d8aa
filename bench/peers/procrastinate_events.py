"""Events by procrastinate."""

import json
import os

import aiohttp
from procrastinate import App, PsycopgConnector

from bench.peers.webhooks import CONNECTIONS, post

connector = PsycopgConnector(conninfo=os.environ["DATABASE_URL"], kwargs={"options": "-c search_path=peers"})
app = App(connector=connector)


async def main(url: str, count: int) -> None:
    """Queue them all, then send them all."""
    async with app.open_async(), aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http:

        @app.task
        async def tell(number: int) -> None:
            await post(http, url, json.dumps({"number": number}))

        await app.schema_manager.apply_schema_async()
        await tell.batch_defer_async(*({"number": number} for number in range(count)))
        await app.run_worker_async(wait=False, concurrency=CONNECTIONS, install_signal_handlers=False)
