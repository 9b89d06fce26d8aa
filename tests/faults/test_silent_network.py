"""Connections that are lost without a word: nothing more arrives on them, and new ones work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from urllib.parse import urlsplit

from pydantic import SecretStr

from chassis.base.settings import Subscriber
from tests.support import keys
from tests.support.faults.load import chair, fill_directory, wanted
from tests.support.faults.tally import TALLY
from tests.support.running import DatabaseOf, Running
from tests.support.waiting import eventually

STATEMENT_SECONDS = 2


class Network:
    """What lies between a service and its database; what is silenced stays open, and swallows everything."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._silent: list[bool] = []

    def silence(self) -> None:
        """Swallow everything on the connections that are open now."""
        self._silent[:] = [True] * len(self._silent)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection both ways."""
        number = len(self._silent)
        self._silent.append(False)
        there, back = await asyncio.open_connection(*self._there)
        try:
            await asyncio.gather(self._carry(reader, back, number), self._carry(there, writer, number))
        finally:
            writer.close()
            back.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                if not self._silent[number]:
                    writer.write(piece)
                    await writer.drain()
        if not self._silent[number]:
            writer.close()


@asynccontextmanager
async def network(url: str) -> AsyncIterator[tuple[Network, str]]:
    """A network to a database, and the database's address through it."""
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    between = Network(parts.hostname, parts.port)
    server = await asyncio.start_server(between.pass_on, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield between, url.replace(f":{parts.port}/", f":{port}/")
    finally:
        server.close()


async def test_everything_moves_again_soon_after_connections_were_lost_without_a_word(
    database_of: DatabaseOf, running: Running
) -> None:
    async with AsyncExitStack() as stack:
        tally = await running(TALLY)
        direct = await database_of("escalations")
        await fill_directory(direct)
        between, url = await stack.enter_async_context(network(direct.database_url.get_secret_value()))
        secrets = [keys.webhook_secret("escalations", "tally")]
        to_tally = Subscriber(name="tally", url=f"{tally.base_url}/webhooks/events", secrets=secrets)
        changed = {
            "database_url": SecretStr(url),
            "statement_seconds": STATEMENT_SECONDS,
            "worker_in_web": True,
            "webhook_subscribers": [to_tally],
        }
        escalations = await running("escalations", direct.model_copy(update=changed))

        async def is_raised() -> bool:
            return (await escalations.post("/v1/escalations", json=wanted(), headers=chair())).status_code == 201

        async def counted() -> int:
            return len(await tally.process.database.statements.rows("SELECT 1 FROM counted"))

        assert await is_raised()

        async def one_is_told() -> bool:
            return await counted() == 1

        assert await eventually(one_is_told)
        between.silence()
        assert await eventually(is_raised), "writing works again"
        listed = await escalations.get("/v1/escalations", headers=chair())
        assert listed.status_code == 200

        async def all_are_told() -> bool:
            rows = await escalations.process.database.statements.rows("SELECT 1 FROM chassis.outgoing")
            return len(rows) >= 2 and await counted() == len(rows)

        assert await eventually(all_are_told), "the relay works again"
        assert (await escalations.get("/health/ready")).status_code == 200
