"""A service that is down, slow or breaks off: its callers hear so, and nobody else notices."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from chassis.access.callers import TokenIssuer
from chassis.base.observe import Observed
from gateway import asking
from gateway.breaker import Breaker, State
from gateway.door import Door
from gateway.guard import Guard
from gateway.proxy import Proxy
from gateway.sign_in import SignIn
from tests.support.gateway.world import World
from tests.support.running import GatewayWith
from tests.support.serving import free_port
from tests.support.waiting import PATIENCE

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _answering(answer: Answering, port: int = 0) -> AsyncIterator[str]:
    """A server below HTTP, for answers that no framework would give."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await answer(reader, writer)
        writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _well(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
    await writer.drain()


async def test_a_service_that_is_down_is_left_alone_until_it_is_back(gateway_with: GatewayWith, world: World) -> None:
    """503 at once, the other service answers as ever, and a single try finds that it is back."""
    port = free_port()
    down = world.services | {"escalations": f"http://127.0.0.1:{port}"}
    client = await gateway_with(services=down, failures_before_break=2, break_seconds=0.3)
    headers = world.sign_in.as_("Chairs")
    for _ in range(3):
        answer = await client.get("/v1/escalations/1", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/service-down")
        assert answer.json()["service"] == "escalations"
        assert answer.headers["retry-after"] == "1"
    for _ in range(5):
        assert (await client.get("/v1/escalations/1", headers=headers)).status_code == 503
        assert (await client.get("/v1/messages/1", headers=headers)).status_code == 201
    async with _answering(_well, port):
        await asyncio.sleep(0.35)
        for _ in range(3):
            assert (await client.get("/v1/escalations/1", headers=headers)).status_code == 200


async def test_nobody_knocks_while_a_service_is_left_alone(gateway_with: GatewayWith, world: World) -> None:
    """Once it is found broken no request reaches it, so that it can come back."""
    knocks = 0

    async def hang_up(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        nonlocal knocks
        knocks += 1

    async with _answering(hang_up) as address:
        services = world.services | {"escalations": address}
        client = await gateway_with(services=services, failures_before_break=2)
        headers = world.sign_in.as_("Chairs")
        statuses = [(await client.post("/v1/escalations", headers=headers)).status_code for _ in range(5)]
    assert (statuses, knocks) == ([502, 502, 503, 503, 503], 2)


async def test_a_service_that_is_busy_has_not_failed(gateway_with: GatewayWith, world: World) -> None:
    """503 for what finds no connection free, and the breaker does not hear of it."""
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await may_answer.wait()
        await _well(reader, writer)

    async with _answering(late) as address:
        services = world.services | {"escalations": address}
        client = await gateway_with(
            services=services, connections_per_service=1, connect_seconds=0.1, failures_before_break=1
        )
        headers = world.sign_in.as_("Chairs")
        first = asyncio.create_task(client.get("/v1/escalations/1", headers=headers))
        await asked.wait()
        for _ in range(2):
            busy = await client.get("/v1/escalations/1", headers=headers)
            assert (busy.status_code, busy.json()["type"]) == (503, "/problems/service-busy")
            assert (busy.json()["service"], busy.headers["retry-after"]) == ("escalations", "1")
        may_answer.set()
        assert (await first).status_code == 200
        assert (await client.get("/v1/escalations/1", headers=headers)).status_code == 200


def test_a_breaker_tries_with_one_request() -> None:
    """Half open, one request goes through; if it fails, everybody waits again."""
    moment = 0.0
    breaker = Breaker("tried", 2, 5, clock=lambda: moment)
    breaker.failed()
    assert breaker.lets_through()
    breaker.failed()
    assert (breaker.state, breaker.lets_through(), breaker.seconds_left()) == (State.OPEN, False, 5)
    moment = 5.0
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    breaker.failed()
    assert (breaker.state, breaker.lets_through()) == (State.OPEN, False)
    moment = 10.0
    assert breaker.lets_through()
    breaker.succeeded()
    assert (breaker.state, breaker.lets_through()) == (State.CLOSED, True)


async def test_a_slow_service_is_not_waited_for(gateway_with: GatewayWith, world: World) -> None:
    """504: whether it carried the request out is not known."""
    client = await gateway_with(answer_seconds=0.2)
    answer = await client.post("/v1/escalations/slow", headers=world.sign_in.as_("Chairs"))
    assert (answer.status_code, answer.json()["type"]) == (504, "/problems/service-slow")


async def test_a_service_that_hangs_up_has_broken_off(gateway_with: GatewayWith, world: World) -> None:
    """502 where nothing was answered."""

    async def nothing(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        """Hang up."""

    async with _answering(nothing) as address:
        client = await gateway_with(services=world.services | {"escalations": address})
        answer = await client.post("/v1/escalations", headers=world.sign_in.as_("Chairs"))
    assert (answer.status_code, answer.json()["type"]) == (502, "/problems/service-broke-off")


async def test_half_an_answer_does_not_look_whole(gateway_with: GatewayWith, world: World) -> None:
    """Where the answer had begun, the caller's connection breaks as well."""

    async def half(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)

    async with _answering(half) as address:
        client = await gateway_with(services=world.services | {"escalations": address})
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs"))


async def test_a_service_that_answers_a_little_at_a_time_counts_as_silent(
    gateway_with: GatewayWith, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often a little of it comes, the gateway's own question has an end."""

    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.1)

    monkeypatch.setattr(asking, "TIMEOUT", httpx.Timeout(1))
    async with _answering(trickle) as address:
        client = await gateway_with(services=world.services | {"notifications": address})
        answer = await client.get("/v1/audit-entries", headers=world.sign_in.as_("Administrators"))
    assert (answer.status_code, answer.json()["services"]) == (503, ["notifications"])


async def test_our_own_mistakes_are_answered_as_problems(world: World) -> None:
    """500 tells nothing of the mistake, and carries the request's id and the usual headers."""

    async def mistaken(_: Scope, __: Receive, ___: Send) -> None:
        raise RuntimeError("secret")

    settings = world.settings()
    guard = Guard(settings, SignIn([], remembered_seconds=0), TokenIssuer(settings))
    door = Observed(Door(settings, guard, Proxy(settings), mistaken), "gateway", dict)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(door), base_url="http://gateway", timeout=PATIENCE
    ) as client:
        answer = await client.get("/docs", headers={"X-Request-Id": "ticket-12345"})
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    assert answer.headers["x-request-id"] == "ticket-12345"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text


async def test_a_service_without_an_address_is_not_there(gateway_with: GatewayWith, world: World) -> None:
    """A gateway in front of one service knows nothing of the other."""
    client = await gateway_with(services={"notifications": world.services["notifications"]})
    assert (await client.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs"))).status_code == 404


async def test_somebody_who_opens_a_link_meanwhile_is_shown_a_page(gateway_with: GatewayWith, world: World) -> None:
    """A liaison officer reads no problem documents."""
    down = world.services | {"escalations": f"http://127.0.0.1:{free_port()}"}
    client = await gateway_with(services=down)
    answer = await client.get("/answer/some-secret", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "<h1>Sorry, this page is not available at the moment</h1>" in answer.text
    assert "some-secret" not in answer.text
