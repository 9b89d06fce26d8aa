"""A subscriber may be down, slow, broken or told twice: it is told in the end, and nothing has its effect twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from chassis import process as processes
from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from chassis.events import outbox, sender
from tests.support import keys
from tests.support.faults.load import fill_directory, wanted
from tests.support.faults.tally import TALLY
from tests.support.running import Running
from tests.support.serving import Client, listening
from tests.support.waiting import PATIENCE, eventually

COUNT = 12
# Beyond every pause after the first failures, and beyond every lease.
LATER = timedelta(hours=1)


class Way:
    """The way to the subscriber, with whatever goes wrong on it."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.trouble: Callable[[Request, bytes], Awaitable[Response]] | None = None
        self.passed = 0
        self.troubled = 0
        self.app = FastAPI()
        self.app.post("/webhooks/events")(self.take)

    async def take(self, request: Request) -> Response:
        """Take an event in, as the trouble of the moment has it."""
        body = await request.body()
        if self.trouble is None:
            return await self.pass_on(request, body)
        self.troubled += 1
        return await self.trouble(request, body)

    async def pass_on(self, request: Request, body: bytes) -> Response:
        """Pass it on as it came."""
        self.passed += 1
        headers = {name: value for name, value in request.headers.items() if name.startswith(("webhook", "content-t"))}
        # Reading all certificates would take longer than the sender waits.
        async with httpx.AsyncClient(timeout=PATIENCE, verify=False) as client:
            answer = await client.post(f"{self.target}/webhooks/events", content=body, headers=headers)
        return Response(answer.content, answer.status_code)

    async def slow(self, request: Request, body: bytes) -> Response:
        """Take it in, and answer when nobody waits any more."""
        answer = await self.pass_on(request, body)
        await asyncio.sleep(1.0)
        return answer

    async def trickling(self, _: Request, __: bytes) -> Response:
        """Answer a little at a time, and never to the end."""

        async def pieces() -> AsyncIterator[str]:
            while True:
                yield " "
                await asyncio.sleep(0.1)

        return StreamingResponse(pieces())

    async def broken(self, _: Request, __: bytes) -> Response:
        """Answer that it could not."""
        return Response("no", 500)

    async def away(self, _: Request, __: bytes) -> Response:
        """Be there, and unable to do anything: its database is away."""
        return Response("not now", 503)

    async def took_and_broke(self, request: Request, body: bytes) -> Response:
        """Take it in, and say that it could not."""
        await self.pass_on(request, body)
        return Response("no", 500)

    async def twice(self, request: Request, body: bytes) -> Response:
        """Take it in twice at once, as a load balancer that tries again would have it."""
        first, _ = await asyncio.gather(self.pass_on(request, body), self.pass_on(request, body))
        return first


class Pair:
    """A publisher, the way, and the subscriber, all in this process."""

    def __init__(self, escalations: Client, tally: Client, way: Way) -> None:
        self.escalations = escalations
        self.tally = tally
        self.way = way

    async def raise_some(self, count: int = COUNT) -> None:
        """Raise escalations."""
        headers = self.escalations.as_(Role.CHAIR, subject="chair-1")
        for _ in range(count):
            body = wanted() | {"raised_on": None, "meeting_on": None}
            answer = await self.escalations.post("/v1/escalations", json=body, headers=headers)
            assert answer.status_code == 201, answer.text

    async def counted(self) -> list[int]:
        """How often each was counted."""
        rows = await self.tally.process.database.statements.rows("SELECT times FROM counted")
        return [row["times"] for row in rows]

    async def waiting(self) -> list[Any]:
        """The deliveries that are not made yet."""
        return await self.escalations.process.database.statements.rows(
            "SELECT due_at, tries, parked_at FROM chassis.delivery WHERE delivered_at IS NULL"
        )

    async def all_once(self, count: int = COUNT) -> None:
        """Wait until everything is told and counted once."""
        assert await eventually(lambda: self.is_told(count)), f"{await self.waiting()}"
        assert await self.counted() == [1] * count

    async def is_told(self, count: int = COUNT) -> bool:
        """Whether everything is told and counted."""
        return len(await self.counted()) >= count and not await self.waiting()

    async def all_once_later(self) -> None:
        """The same at a later time; a try that was under way when time moved puts the next one off once more."""
        for times in range(1, 6):
            with clock.shifted(LATER * times):
                if await eventually(self.is_told, 6):
                    break
        assert await self.counted() == [1] * COUNT, f"{await self.waiting()}"


@pytest.fixture
async def pair(running: Running, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    monkeypatch.setattr(processes, "HTTP_TIMEOUT", httpx.Timeout(0.4, connect=0.3, pool=0.3))
    monkeypatch.setattr(outbox, "POLL_SECONDS", 0.1)
    async with AsyncExitStack() as stack:
        tally = await running(TALLY)
        way = Way(str(tally.base_url))
        address = await stack.enter_async_context(listening(way.app))
        secrets = [keys.webhook_secret("escalations", "tally")]
        to_tally = Subscriber(name="tally", url=f"{address}/webhooks/events", secrets=secrets)
        escalations = await running("escalations", worker_in_web=True, webhook_subscribers=[to_tally])
        await fill_directory(escalations.settings)
        yield Pair(escalations, tally, way)


@pytest.mark.parametrize("trouble", ["slow", "trickling", "broken", "took_and_broke"])
async def test_a_subscriber_in_trouble_is_told_when_it_is_over(pair: Pair, trouble: str) -> None:
    pair.way.trouble = getattr(pair.way, trouble)
    await pair.raise_some()

    assert await eventually(lambda: tried(pair, COUNT)), "nothing counts as told"
    assert pair.way.troubled >= 1
    pair.way.trouble = None
    await pair.all_once_later()


async def test_a_subscriber_that_is_down_holds_nobody_up(pair: Pair) -> None:
    """Whoever raises does not notice; the events wait, and none is parked."""
    down = pair.way.target
    pair.way.target = "http://127.0.0.1:1"
    await pair.raise_some()
    await asyncio.sleep(0.3)
    assert await pair.counted() == []
    assert all(row["parked_at"] is None for row in await pair.waiting())
    pair.way.target = down
    await pair.all_once_later()


@pytest.mark.parametrize("trouble", ["away", "slow"])
async def test_a_service_of_ours_that_was_away_hears_everything_soon_after(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """However often it was tried: the public schedule would have it wait for minutes, and then for half an hour."""
    monkeypatch.setattr(sender, "AWAY_SECONDS", 0.1)
    pair.way.trouble = getattr(pair.way, trouble)
    await pair.raise_some()

    async def was_tried_often() -> bool:
        return pair.way.troubled >= 4

    assert await eventually(was_tried_often)
    pair.way.trouble = None
    await pair.all_once()


async def test_what_is_told_twice_at_once_has_its_effect_once(pair: Pair) -> None:
    pair.way.trouble = pair.way.twice
    await pair.raise_some()
    await pair.all_once()
    assert pair.way.passed >= 2


async def test_a_clock_that_is_moved_loses_nothing(pair: Pair) -> None:
    """Forwards a month and back again, with something waiting each time; housekeeping included."""
    from chassis.jobs import housekeeping

    pair.way.trouble = pair.way.broken
    await pair.raise_some(3)
    assert await eventually(lambda: tried(pair, 3))
    with clock.shifted(timedelta(days=40)):
        await pair.raise_some(3)
        assert await eventually(lambda: tried(pair, 6))
        await house_kept(pair, housekeeping.keep_house)
    with clock.shifted(-timedelta(days=2)):
        await pair.raise_some(3)
        assert await eventually(lambda: tried(pair, 9))
    assert len(await pair.waiting()) == 9
    pair.way.trouble = None
    await pair.raise_some(3)
    with clock.shifted(timedelta(days=41)):
        await pair.all_once(12)
        await house_kept(pair, housekeeping.keep_house)
    assert await pair.counted() == [1] * 12


async def tried(pair: Pair, count: int) -> bool:
    """Whether so many wait and were tried."""
    waiting = await pair.waiting()
    return len(waiting) == count and all(row["tries"] >= 1 for row in waiting)


async def house_kept(pair: Pair, keep_house: Callable[[Any], Awaitable[None]]) -> None:
    """One round of housekeeping, at the time that it is."""
    round_of_it = asyncio.ensure_future(keep_house(pair.escalations.process))
    await asyncio.sleep(0.3)
    round_of_it.cancel()
    await asyncio.gather(round_of_it, return_exceptions=True)
