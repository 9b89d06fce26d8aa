"""Whatever a client meets is a failure that its users expect, and nothing of one answer reaches the next request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from chassis.base.http import FAILURES, failure, http_client

TIMEOUT = httpx.Timeout(1, connect=0.5, pool=0.5)


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers everything with these bytes, or never, and the heads of the requests that it was sent."""
    requests: list[bytes] = []

    async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            requests.append(await reader.readuntil(b"\r\n\r\n"))
            if answer is None:
                await reader.read()
            else:
                writer.write(answer)
        finally:
            writer.close()

    server = await asyncio.start_server(answer_one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests
    finally:
        server.close()


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        # No HTTP at all, or hardly any.
        (b"hello\r\n\r\n", "ClientResponseError"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc", "ClientResponseError"),
        (b"HTTP/1.1 200 OK\r\nLong: " + b"a" * 100_000 + b"\r\n\r\n", "ClientResponseError"),
        # Broken off: before the answer, and within it.
        (b"", "ServerDisconnectedError"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "ClientPayloadError"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "ClientPayloadError"),
        # Packed, although it was asked not to be, and badly.
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "DecodingError"),
        # Nothing for a second.
        (None, "SocketTimeoutError"),
    ],
)
async def test_every_answer_that_is_none_is_a_failure_with_a_name(answer: bytes | None, name: str) -> None:
    async with answering(answer) as (address, _), http_client(TIMEOUT) as client:
        with pytest.raises(FAILURES) as failed:
            await client.post(address, content="words")
    assert failure(failed.value) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://127.0.0.1:1/", "ClientConnectorError"),
        ("http://nobody.invalid/", "ClientConnectorDNSError"),
        ("ftp://127.0.0.1/", "NonHttpUrlClientError"),
        # What no program reads as an address.
        ("http://[::1/", "InvalidURL"),
        ("http://127.0.0.1/\x02", "InvalidURL"),
        ("http://xn--zz/", "IDNAError"),
    ],
)
async def test_every_address_that_cannot_be_reached_is_a_failure_with_a_name(address: str, name: str) -> None:
    async with http_client(TIMEOUT) as client:
        with pytest.raises(FAILURES) as failed:
            await client.get(address)
    assert failure(failed.value) == name


async def test_a_redirect_is_not_followed() -> None:
    answer = b"HTTP/1.1 307 Over There\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
    async with answering(answer) as (address, requests), http_client(TIMEOUT) as client:
        assert (await client.get(address)).status_code == 307
    assert len(requests) == 1


async def test_no_cookie_is_kept() -> None:
    answer = b"HTTP/1.1 204 No Content\r\nSet-Cookie: told=before\r\nConnection: close\r\n\r\n"
    async with answering(answer) as (address, requests), http_client(TIMEOUT) as client:
        named = address.replace("127.0.0.1", "localhost")
        for url in (address, address, named, named):
            await client.get(url)
    assert len(requests) == 4
    assert not any(b"cookie" in head.lower() for head in requests)


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with answering(answer) as (proxy, at_proxy), answering(answer) as (address, requests):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        async with http_client(TIMEOUT) as client:
            await client.get(address)
    assert (len(requests), at_proxy) == (1, [])
