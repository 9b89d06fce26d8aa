"""Too much, too large and too slow are refused; everything else streams through."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.guard import Buckets, site
from tests.support.gateway.world import World, half_sent, raw
from tests.support.running import GatewayWith
from tests.support.waiting import PATIENCE, eventually

COUNT = "/v1/messages/count"
IMPORT = "/v1/messages/import"


async def test_a_caller_who_asks_too_often_waits(gateway_with: GatewayWith, world: World) -> None:
    """429 with the seconds to wait; the colleague at the next desk notices nothing."""
    client = await gateway_with(requests_per_second=0.5, request_burst=2)
    ada, ben = world.sign_in.as_("Chairs", subject="ada"), world.sign_in.as_("Chairs", subject="ben")
    statuses = [(await client.get("/v1/escalations/1", headers=ada)).status_code for _ in range(2)]
    refused = await client.get("/v1/escalations/1", headers=ada)
    assert statuses == [201, 201]
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
    assert refused.headers["retry-after"] == "2"
    assert (await client.get("/v1/escalations/1", headers=ben)).status_code == 201


async def test_wrong_tokens_are_slowed_down_and_good_ones_never(gateway_with: GatewayWith, world: World) -> None:
    """Colleagues share one address with whoever sends wrong tokens; also one who signs in only now is let in."""
    client = await gateway_with(refusals_per_second=0.001, refusal_burst=2)
    wrong = {"Authorization": "Bearer wrong"}
    tries = [await client.get("/v1/escalations/1", headers=wrong) for _ in range(4)]
    assert [answer.status_code for answer in tries] == [401, 401, 429, 429]
    assert int(tries[-1].headers["retry-after"]) > 1
    for name in ("ada", "ben"):
        colleague = world.sign_in.as_("Chairs", subject=name)
        assert (await client.get("/v1/escalations/1", headers=colleague)).status_code == 201
    assert (await client.get("/v1/escalations/1", headers=wrong)).status_code == 429


def test_a_bucket_refills_with_time() -> None:
    """At its rate, up to its burst."""
    moment = 0.0
    buckets = Buckets(2, 2, clock=lambda: moment)
    assert [buckets.take("ada") for _ in range(3)] == [0, 0, 1]
    moment = 0.5
    assert [buckets.take("ada") for _ in range(2)] == [0, 1]
    moment = 100
    assert [buckets.take("ada") for _ in range(3)] == [0, 0, 1]
    assert Buckets(0, 1).take("ada") == 0


def test_an_ipv6_customer_is_one_place() -> None:
    """A whole network of addresses does not mean so many callers."""
    assert site("2001:db8::1") == site("2001:db8::ffff:2") != site("2001:db8:0:1::1")
    assert site("192.0.2.1") == "192.0.2.1"
    assert site("unknown") == "unknown"


async def test_a_large_body_is_refused(gateway_with: GatewayWith, world: World) -> None:
    """Whether its size was declared or only shows on the way; an import may be larger."""
    client = await gateway_with(body_limit_bytes=100_000, import_limit_bytes=300_000)
    headers = world.sign_in.as_("Chairs")

    async def parts(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 50_000):
            yield b"x" * 50_000
            await asyncio.sleep(0.01)

    declared = await client.post(COUNT, content=b"x" * 100_001, headers=headers)
    chunked = await client.post(COUNT, content=parts(200_000), headers=headers)
    for refused in (declared, chunked):
        assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
        assert refused.json()["limit_bytes"] == 100_000
    assert (await client.post(COUNT, content=b"x" * 100_000, headers=headers)).json()["bytes"] == 100_000
    imported = await client.post(IMPORT, content=parts(200_000), headers=headers)
    assert imported.json()["bytes"] == 200_000


async def test_a_refused_body_is_not_held_against_the_service(gateway_with: GatewayWith, world: World) -> None:
    """The breaker counts what is the service's fault alone."""
    client = await gateway_with(body_limit_bytes=10, failures_before_break=1)
    headers = world.sign_in.as_("Chairs")

    async def parts() -> AsyncIterator[bytes]:
        yield b"12345"
        await asyncio.sleep(0.02)
        yield b"1234567"

    assert (await client.post(COUNT, content=parts(), headers=headers)).status_code == 413
    assert (await client.get("/v1/messages/1", headers=headers)).status_code == 201


async def test_an_import_streams_to_the_service(gateway: httpx.AsyncClient, world: World) -> None:
    """Chunked stays chunked, a declared length stays declared, and the first part does not wait for the last."""
    headers = world.sign_in.as_("Chairs")
    seen_early: list[int] = []

    async def has_arrived() -> bool:
        return sum(world.notifications.received) == 1000

    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * 1000
        await eventually(has_arrived)
        seen_early.extend(world.notifications.received)
        yield b"y" * 500

    chunked = (await gateway.post(IMPORT, content=parts(), headers=headers)).json()
    assert sum(seen_early) == 1000
    assert (chunked["bytes"], chunked["length"]) == (1500, None)
    declared = (await gateway.post(IMPORT, content=parts(), headers=headers | {"Content-Length": "1500"})).json()
    assert (declared["bytes"], declared["length"]) == (1500, "1500")
    empty = (await gateway.post(IMPORT, headers=headers)).json()
    assert (empty["bytes"], empty["length"]) == (0, "0")


async def test_answers_stream_to_the_caller(gateway: httpx.AsyncClient, world: World) -> None:
    """The first part arrives while the service still thinks about the last."""
    async with gateway.stream("GET", "/v1/messages/stream", headers=world.sign_in.as_("Chairs")) as answer:
        arrived = [chunk async for chunk in answer.aiter_raw()]
    assert arrived == [b"first\n", b"last\n"]


async def test_a_caller_who_leaves_is_not_answered_further(gateway: httpx.AsyncClient, world: World) -> None:
    """The service is hung up on as well."""
    world.notifications.left.clear()
    async with gateway.stream("GET", "/v1/messages/stream", headers=world.sign_in.as_("Chairs")) as answer:
        await anext(answer.aiter_raw())
    async with asyncio.timeout(PATIENCE):
        await world.notifications.left.wait()


async def test_a_body_is_whole_before_a_service_hears_of_it(gateway: httpx.AsyncClient, world: World) -> None:
    """However it was sent: it comes with its length, and at once."""
    world.notifications.received = []
    early: list[int] = []

    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * 1000
        await asyncio.sleep(0.1)
        early.extend(world.notifications.received)
        yield b"y" * 500

    answer = await gateway.post(COUNT, content=parts(), headers=world.sign_in.as_("Chairs"))
    assert (answer.json()["bytes"], answer.json()["length"]) == (1500, "1500")
    assert early == []


async def test_who_has_not_signed_in_sends_little(gateway: httpx.AsyncClient) -> None:
    """A page's form has 16 KB, and so has what calls back."""
    for path in ("/answer", "/callbacks/notify"):
        assert (await gateway.post(path, content=b"x" * 16_384)).status_code == 201
        refused = await gateway.post(path, content=b"x" * 16_385)
        assert (refused.status_code, refused.json()["limit_bytes"]) == (413, 16_384)


async def test_slow_bodies_keep_nobody_from_a_service(gateway_with: GatewayWith, world: World) -> None:
    """However many are on their way, they hold no connection to it."""
    client = await gateway_with(connections_per_service=1, imports_per_service=1, failures_before_break=1)
    headers = world.sign_in.as_("Chairs")
    async with half_sent(str(client.base_url), "/answer", 3), half_sent(str(client.base_url), COUNT, 3, headers):
        for path in ("/v1/escalations/1", "/v1/messages/1", "/answer/secret"):
            assert (await client.get(path, headers=headers)).status_code == 201
        assert (await client.post(IMPORT, content=b"x", headers=headers)).status_code == 200


async def test_slow_imports_keep_only_other_imports_waiting(gateway_with: GatewayWith, world: World) -> None:
    """They stream, on connections of their own, and not for ever."""
    client = await gateway_with(
        connections_per_service=1, imports_per_service=1, connect_seconds=0.2, import_body_seconds=2
    )
    headers = world.sign_in.as_("Chairs")

    async def imported() -> httpx.Response | None:
        answer = await client.post(IMPORT, content=b"x", headers=headers)
        return answer if answer.status_code != 503 else None

    async with half_sent(str(client.base_url), IMPORT, 1, headers):
        assert (await client.get("/v1/messages/1", headers=headers)).status_code == 201
        busy = await client.post(IMPORT, content=b"x", headers=headers)
        assert (busy.status_code, busy.json()["type"]) == (503, "/problems/service-busy")
        assert busy.headers["retry-after"] == "1"
        assert (await client.get("/v1/messages/1", headers=headers)).status_code == 201
        answer = await eventually(imported)
        assert answer is not None and answer.status_code == 200


@pytest.mark.parametrize("path", [COUNT, IMPORT])
@pytest.mark.parametrize("head", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
async def test_a_body_that_dawdles_is_given_up(gateway_with: GatewayWith, world: World, head: str, path: str) -> None:
    """408, however regularly its parts come: one deadline holds for the whole."""
    client = await gateway_with(body_seconds=0.3, import_body_seconds=0.3)
    authorization = world.sign_in.as_("Chairs")["Authorization"]
    part = b"5\r\nhello\r\n" if "chunked" in head else b"hello"
    heads = f"Host: x\r\nAuthorization: {authorization}\r\nConnection: close\r\n{head}"
    request = f"POST {path} HTTP/1.1\r\n{heads}\r\n\r\n"
    answer = await raw(str(client.base_url), request.encode(), trickling=part)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"/problems/request-slow" in answer


async def test_two_lengths_are_one_too_many(gateway: httpx.AsyncClient, world: World) -> None:
    """A request that two programs would cut differently reaches no service."""
    authorization = world.sign_in.as_("Chairs")["Authorization"]
    head = f"POST {COUNT} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nConnection: close\r\n"
    for lengths in ("Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked"):
        answer = await raw(str(gateway.base_url), f"{head}{lengths}\r\n\r\n0\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 400")
