"""A service on a real port in the test's own event loop, a client that can be anybody, and what asks by it."""

import asyncio
import json
import os
import re
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import cycle
from typing import Any, cast

import httpx
import uvicorn
from fastapi import FastAPI

from chassis.access.callers import Role, TokenIssuer
from chassis.base.settings import Settings
from chassis.process import Process
from tests.support import keys
from tests.support.waiting import PATIENCE

GATEWAY_TOKENS = TokenIssuer(
    Settings(service_name="gateway", internal_signing_key=cast("Any", keys.private_jwk("gateway")))
)
JSON = dict[str, Any]
# Servers of tests listen on these: systems give the ports from 32768 on, or from 49152, to connections that somebody opens.
FIRST_PORT, BEHIND_LAST_PORT = 15_000, 32_000
WORKERS = 16


def _own_ports() -> list[int]:
    """The ports of this process of a run, from one by chance on: two runs on one machine seldom begin alike."""
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or WORKERS - 1)
    own = list(range(FIRST_PORT + worker % WORKERS, BEHIND_LAST_PORT, WORKERS))
    start = secrets.randbelow(len(own))
    return own[start:] + own[:start]


_ports = cycle(_own_ports())


def free_port() -> int:
    """A port that nothing uses, of those that belong to this process of a run; each comes again after all others.

    Whoever asks may take a while until it listens there: a port by chance could be given to another test meanwhile.
    """
    while True:
        port = next(_ports)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


class Client(httpx.AsyncClient):
    """A client of one running service; `settings`, `app` and `work` are the service's own."""

    def __init__(self, address: str, app: FastAPI, settings: Settings) -> None:
        # To load all certificates takes a third of most tests, and services are reached by plain HTTP.
        super().__init__(base_url=address, timeout=PATIENCE, verify=False)
        self.app = app
        self.settings = settings

    @property
    def process(self) -> Process:
        """What the running process works with: its database, its HTTP client, its keys."""
        return cast("Process", self.app.state.process)

    def as_(self, *roles: Role, subject: str = "someone") -> dict[str, str]:
        """The headers of a request by somebody with these roles, as the gateway would send it."""
        return {"Authorization": f"Bearer {GATEWAY_TOKENS.token(subject, roles)}"}

    def as_service(self, name: str) -> dict[str, str]:
        """The headers of a request by one of our own services."""
        key = cast("Any", keys.private_jwk(name))
        return {
            "Authorization": f"Bearer {TokenIssuer(Settings(service_name=name, internal_signing_key=key)).own_token()}"
        }


class _Server(uvicorn.Server):
    """A server that leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def listening(app: Any, port: int = 0) -> AsyncIterator[str]:
    """Serve any ASGI application on a port, or any free one, for the length of a block; the value is its address."""
    # Named as TCP, since the event loop turns off its delays only then.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, http="httptools", lifespan="on", log_config=None, access_log=False)
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if serving.done():
                raise RuntimeError("The application did not start; its log says why.") from serving.exception()
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


class Serving:
    """One service that runs, and its database."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def rows(self, sql: str, *values: Any) -> list[JSON]:
        """What the database says."""
        return [dict(row) for row in await self.client.process.database.statements.rows(sql, *values)]


class Asking(Serving):
    """The same, asked as a chair where nothing else is said."""

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role = Role.CHAIR,
        subject: str = "chair-1",
        version: int | None = None,
        **options: Any,
    ) -> httpx.Response:
        """Ask for something as somebody; with a version it is sent as If-Match."""
        headers = self.client.as_(role, subject=subject) | options.pop("headers", {})
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self.client.request(method, path, json=body, headers=headers, **options)

    async def done(self, method: str, path: str, body: Any = None, *, status: int = 200, **options: Any) -> Any:
        """The same where it is sure to be answered so; its JSON."""
        answer = await self.ask(method, path, body, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, path: str, **options: Any) -> Any:
        """The JSON of what is there; what is no option of `ask` goes into the query."""
        query = {name: options.pop(name) for name in list(options) if name not in {"role", "subject"}}
        return await self.done("GET", path, params=query, **options)

    async def published(self, kind: str) -> list[JSON]:
        """The events of a kind that this service told, in order."""
        rows = await self.rows("SELECT data::text AS data FROM chassis.outgoing WHERE type = $1 ORDER BY id", kind)
        return [json.loads(row["data"]) for row in rows]
