"""Serves an application in this process: one event loop, one port, until it is told to end."""

import gc
import socket
from contextlib import suppress
from typing import Any

import uvicorn

# Longer than any request may take that is not an import; whoever stops us waits a little longer than this.
GRACEFUL_SECONDS = 20
BACKLOG = 2048


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and leave what the start made out of every later search for garbage: it stays anyway."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)


def serve(app: Any, host: str, port: int) -> None:
    """Serve an ASGI application; the application itself logs its requests and reads its callers' addresses."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        backlog=BACKLOG,
    )
    with suppress(KeyboardInterrupt):
        _Server(config).run()
