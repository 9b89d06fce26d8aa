"""A request's body on its way to a service: streamed, counted, and given up where it grows or dawdles too much."""

import asyncio
from collections.abc import AsyncIterator

from chassis.problems import Malformed, Problem, TooLarge
from gateway.inbound import Inbound
from gateway.problems import RequestSlow


class Body:
    """The body of one request.

    Whatever ends it early is kept in `problem`: the HTTP client that reads it reports every such end in the same way.
    """

    def __init__(self, inbound: Inbound, *, limit: int, seconds: float) -> None:
        self._receive = inbound.receive
        self._limit = limit
        self._seconds = seconds
        self._size = 0
        length = inbound.given.get(b"content-length")
        self.chunked = b"transfer-encoding" in inbound.given
        self.length = int(length) if length is not None and length.isdigit() and not self.chunked else None
        self.problem: Problem | None = None
        self.whole = not self.chunked and not self.length

    async def content(self) -> bytes | AsyncIterator[bytes] | None:
        """What to send: nothing, all of it if it has arrived, or a stream; `TooLarge` if it says that it is."""
        if self.whole:
            return None
        if self.length is not None and self.length > self._limit:
            raise self._too_large()
        first = await self._next()
        return first if self.whole else self._stream(first)

    async def _stream(self, first: bytes) -> AsyncIterator[bytes]:
        yield first
        while not self.whole:
            chunk = await self._next()
            if chunk:
                yield chunk

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError:
            self.problem = RequestSlow()
            raise self.problem from None
        if message["type"] == "http.disconnect":
            self.problem = Malformed("The request ended before its body did.")
            raise self.problem
        chunk: bytes = message.get("body", b"")
        self._size += len(chunk)
        if self._size > self._limit:
            self.problem = self._too_large()
            raise self.problem
        self.whole = not message.get("more_body", False)
        return chunk

    def _too_large(self) -> TooLarge:
        return TooLarge(f"At most {self._limit} bytes are taken here.", limit_bytes=self._limit)
