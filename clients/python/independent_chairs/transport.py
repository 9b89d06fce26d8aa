"""Requests that got no answer, or were put off, are sent again where that can do no harm."""

import asyncio
import re
import time
import uuid

import httpx

TRIES = 4
LONGEST_WAIT = 30.0
NOT_NOW = {429, 502, 503, 504}
KEY = "Idempotency-Key"
# These operations refuse a key: what they do is not one step.
KEEPS_NO_KEY = re.compile(r"/schedules/")


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends reads, and what has an idempotency key, up to four times; anything else once. Each POST is given a key."""

    def __init__(self) -> None:
        self._sync = httpx.HTTPTransport()
        self._async = httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request."""
        for wait in _waits(request):
            try:
                response = self._sync.handle_request(request)
            except httpx.TransportError:
                time.sleep(wait)
            else:
                if response.status_code not in NOT_NOW:
                    return response
                response.close()
                time.sleep(_told(response, wait))
        return self._sync.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for `asyncio`."""
        for wait in _waits(request):
            try:
                response = await self._async.handle_async_request(request)
            except httpx.TransportError:
                await asyncio.sleep(wait)
            else:
                if response.status_code not in NOT_NOW:
                    return response
                await response.aclose()
                await asyncio.sleep(_told(response, wait))
        return await self._async.handle_async_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._sync.close()

    async def aclose(self) -> None:
        """The same for `asyncio`."""
        await self._async.aclose()


def _waits(request: httpx.Request) -> list[float]:
    """How many seconds to wait after each try but the last."""
    if request.method == "POST" and not KEEPS_NO_KEY.search(request.url.path):
        request.headers.setdefault(KEY, str(uuid.uuid4()))
    harmless = request.method in {"GET", "HEAD"} or KEY in request.headers
    # A file has been read to its end.
    repeatable = harmless and isinstance(request.stream, httpx.ByteStream)
    return [0.5 * 2**tried for tried in range(TRIES - 1)] if repeatable else []


def _told(response: httpx.Response, wait: float) -> float:
    """How long the system asked to be left alone; without that, as long as we would wait by ourselves."""
    told = response.headers.get("Retry-After", "")
    return min(float(told), LONGEST_WAIT) if told.isdecimal() else wait
