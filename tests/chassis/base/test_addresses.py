"""An outside subscriber cannot make us call a machine of our own network."""

import socket

import httpx
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from starlette.types import Receive, Scope, Send

from chassis.base.http import AddressRefused, PublicResolver, failure, http_client, is_public
from tests.support.serving import listening

TIMEOUT = httpx.Timeout(5)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        # The open internet.
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        # This machine.
        ("127.0.0.1", False),
        ("::1", False),
        ("0.0.0.0", False),
        # Private networks.
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("fd00::1", False),
        # A provider's own network behind shared addresses.
        ("100.64.0.1", False),
        # Link-local, where clouds keep their machines' secrets.
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        # Multicast and broadcast.
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("255.255.255.255", False),
        # A private address inside an IPv6 one, in each of the ways.
        ("::ffff:10.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        # A public one inside an IPv6 one is public.
        ("::ffff:93.184.216.34", True),
        # No address.
        ("example.org", False),
        ("", False),
    ],
)
def test_only_the_open_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


class _Fixed(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        self.closed = True


async def test_a_name_is_refused_if_any_of_its_addresses_is_private() -> None:
    assert len(await PublicResolver(_Fixed("93.184.216.34")).resolve("example.org")) == 1
    with pytest.raises(AddressRefused):
        await PublicResolver(_Fixed("93.184.216.34", "10.0.0.1")).resolve("example.org")


async def test_closing_closes_the_resolver_beneath() -> None:
    beneath = _Fixed()
    await PublicResolver(beneath).close()
    assert beneath.closed


async def test_no_connection_is_made_to_a_name_that_points_inwards() -> None:
    called = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        called.append(scope["path"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async with listening(app) as address:
        named = address.replace("127.0.0.1", "localhost")
        async with http_client(TIMEOUT, public_only=True) as client:
            with pytest.raises(httpx.TransportError) as refused:
                await client.get(f"{named}/inwards")
        assert failure(refused.value).startswith("ClientConnector")
        assert called == []
        async with http_client(TIMEOUT) as client:
            assert (await client.get(named)).status_code == 204
    assert called == ["/"]
