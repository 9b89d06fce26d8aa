"""The one way to make an HTTP client: httpx on aiohttp's transport, which takes a fifth of the time of httpx's own.

An outside subscriber must not make us call a machine of our own network. Whenever a connection to one is made, the very
addresses are checked that it then uses.
"""

import socket
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from httpx_aiohttp import AiohttpTransport

# Carries IPv4 addresses inside IPv6 ones: what looks global may lead inwards.
TRANSLATED = ("64:ff9b:", "2002:")


class AddressRefused(OSError):
    """The address is private, or no address at all."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        parsed = mapped
    return parsed.is_global and not parsed.is_multicast and not str(parsed).startswith(TRANSLATED)


# Less than a server keeps a connection that is idle (uvicorn: 5 seconds): one that it has closed is never used again.
KEEP_ALIVE_SECONDS = 3
CONNECTIONS_PER_HOST = 100
# What asking may come to: httpx's errors, those of aiohttp and of addresses that it lets through, and an answer that
# cannot be read.
FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError)


class PublicResolver(AbstractResolver):
    """Resolves names for outgoing connections and refuses those that point inwards."""

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host, every one of them public; `AddressRefused` otherwise."""
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise AddressRefused(f"{host} is a private address.")
        return found

    async def close(self) -> None:
        """Close the resolver beneath."""
        await self._resolver.close()


def http_client(
    timeout: httpx.Timeout, *, per_host: int = CONNECTIONS_PER_HOST, public_only: bool = False
) -> httpx.AsyncClient:
    """A client that follows no redirect, keeps no cookie, uses no proxy of the environment and unpacks nothing.

    With `public_only` it calls no machine of our own network. The time limits are for each step: the caller
    limits the whole with `asyncio.timeout`.
    """

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,
            limit_per_host=per_host,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            resolver=PublicResolver() if public_only else None,
            use_dns_cache=not public_only,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return httpx.AsyncClient(
        transport=AiohttpTransport(client=session),
        timeout=timeout,
        headers={"Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        follow_redirects=False,
        trust_env=False,
    )


def failure(error: BaseException) -> str:
    """What went wrong, in words that quote nothing: aiohttp's if there are any, because its transport's are coarse."""
    beneath = error.__cause__
    return type(beneath if isinstance(beneath, aiohttp.ClientError) else error).__name__
