"""One request as it arrived, and its body: read whole before it goes to a service, or streamed if it is an import."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from chassis.base.problems import Malformed, Problem, TooLarge
from gateway.problems import RequestSlow


@dataclass(slots=True)
class Inbound:
    """A request: `given` are its headers by name, `address` is whose it is."""

    scope: Scope
    receive: Receive
    send: Send
    given: dict[bytes, bytes]
    address: str

    @property
    def method(self) -> str:
        """The request's method."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The decoded path."""
        return str(self.scope["path"])


class Body:
    """The body of one request: at most `limit` bytes, all of which arrive within `seconds` of being asked for.

    Whatever ends a stream early is kept in `problem`: the HTTP client that reads it reports every such end in the same
    way.
    """

    def __init__(self, inbound: Inbound, *, limit: int, seconds: float) -> None:
        self._receive = inbound.receive
        self._limit = limit
        self._seconds = seconds
        length = inbound.given.get(b"content-length")
        chunked = b"transfer-encoding" in inbound.given
        self.length = int(length) if length is not None and length.isdigit() and not chunked else None
        self.problem: Problem | None = None
        self.whole = not chunked and not self.length

    async def read(self) -> bytes | None:
        """All of it; None if there is none. A problem if it is too large, late or breaks off."""
        stream = self.stream()
        if stream is None:
            return None
        content = b"".join([part async for part in stream])
        self.length = len(content)
        return content

    def stream(self) -> AsyncIterator[bytes] | None:
        """Its parts as they arrive; None if there is none. `TooLarge` at once if it says that it is."""
        if self.whole:
            return None
        if self.length is not None and self.length > self._limit:
            raise self._too_large()
        return self._parts()

    async def _parts(self) -> AsyncIterator[bytes]:
        until = asyncio.get_running_loop().time() + self._seconds
        size = 0
        while not self.whole:
            part = await self._next(until)
            size += len(part)
            if size > self._limit:
                self.problem = self._too_large()
                raise self.problem
            if part:
                yield part

    async def _next(self, until: float) -> bytes:
        try:
            async with asyncio.timeout_at(until):
                message = await self._receive()
        except TimeoutError:
            self.problem = RequestSlow()
            raise self.problem from None
        if message["type"] == "http.disconnect":
            self.problem = Malformed("The request ended before its body did.")
            raise self.problem
        self.whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    def _too_large(self) -> TooLarge:
        return TooLarge(f"At most {self._limit} bytes are taken here.", limit_bytes=self._limit)
