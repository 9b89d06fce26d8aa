"""An answer leaves in one write.

The server writes an answer's head and its body apart. Each write is a system call and wakes whoever waits for the
answer, who then reads twice; joining what is written in one go saves both.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Joining:
    """A transport that sends what was written together, as soon as the loop has nothing more to do at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []

    def write(self, part: bytes) -> None:
        """Keep a part until the present step is over."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(part)

    def close(self) -> None:
        """Send what waits, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._waiting:
            parts, self._waiting = self._waiting, []
            self._transport.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class OneWriteProtocol(HttpToolsProtocol):
    """The server's own protocol on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(cast("asyncio.Transport", Joining(transport)))
