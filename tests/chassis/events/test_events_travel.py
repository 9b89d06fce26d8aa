"""Events from the commit that made them true to their effect in another service, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from cloudevents.v1.http import from_http
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import text
from standardwebhooks import Webhook

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from chassis.events import inbox
from tests.support import keys
from tests.support.chassis.toys import LEDGER, SHOP
from tests.support.running import Running
from tests.support.serving import Client, listening
from tests.support.waiting import eventually

CHAIR, ADMINISTRATOR = Role.CHAIR, Role.ADMINISTRATOR
PREFIX = "/v1/services/shop"
WAITS_FOR_A_LOCK = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def to_ledger(address: str) -> list[Subscriber]:
    return [
        Subscriber(name="ledger", url=f"{address}/webhooks/events", secrets=[keys.webhook_secret("shop", "ledger")])
    ]


@pytest.fixture
async def ledger(running: Running) -> Client:
    return await running(LEDGER, webhook_publishers={"shop": [keys.webhook_secret("shop", "ledger")]})


@pytest.fixture
async def shop(running: Running, ledger: Client) -> Client:
    return await running(
        SHOP,
        worker_in_web=True,
        webhook_subscribers=to_ledger(str(ledger.base_url)),
        allow_private_webhook_addresses=True,
    )


async def sell(shop: Client, number: str, **query: Any) -> None:
    answer = await shop.post(f"/v1/sales/{number}", headers=shop.as_(CHAIR), params=query)
    assert answer.status_code == 201, answer.text


async def sales(client: Client) -> dict[str, int]:
    rows = await client.process.database.statements.rows("SELECT number, times FROM sale")
    return {row["number"]: row["times"] for row in rows}


async def deliveries(shop: Client, **filters: Any) -> list[dict[str, Any]]:
    answer = await shop.get(f"{PREFIX}/deliveries", headers=shop.as_(ADMINISTRATOR), params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


class Listener:
    """An outside system that keeps what it is told and answers as the test says."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.says = ["noted"]
        self.app.post("/hook")(self.hook)

    async def hook(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.body()))
        more = {"Location": "http://127.0.0.1:1/"} if self.status == 302 else None
        return StreamingResponse(self._said(), self.status, more)

    async def _said(self) -> AsyncIterator[str]:
        for piece in self.says:
            yield piece
            # What follows leaves by itself.
            await asyncio.sleep(0.02)


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    listener = Listener()
    async with listening(listener.app) as address:
        yield listener, f"{address}/hook"


async def register(shop: Client, url: str, **more: Any) -> dict[str, Any]:
    answer = await shop.post(f"{PREFIX}/webhook-endpoints", json={"url": url, **more}, headers=shop.as_(ADMINISTRATOR))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_event_has_its_effect_once(shop: Client, ledger: Client) -> None:
    await sell(shop, "one")
    assert await eventually(lambda: sales(ledger)) == {"one": 1}
    (delivery,) = await eventually(lambda: deliveries(shop, state="delivered"))
    answer = await shop.post(
        f"{PREFIX}/deliveries/replay",
        json={"subscriber": "ledger", "event_id": delivery["event_id"]},
        headers=shop.as_(ADMINISTRATOR),
    )
    assert answer.json() == {"replayed": 1}
    assert await eventually(lambda: deliveries(shop, state="delivered"))
    assert await sales(ledger) == {"one": 1}


async def test_the_id_of_a_request_goes_all_the_way(
    shop: Client, ledger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the request to the event, what its handler logs elsewhere, and what that service tells in its turn."""
    logged: list[dict[str, Any]] = []

    def note(event: str, **more: Any) -> None:
        logged.append(structlog.contextvars.get_contextvars() | more)

    monkeypatch.setattr(inbox, "log", SimpleNamespace(info=note))
    headers = shop.as_(CHAIR) | {"X-Request-Id": "from-outside-1"}
    assert (await shop.post("/v1/sales/one", headers=headers)).status_code == 201
    assert await eventually(lambda: _has(ledger, "one"))
    published = await ledger.process.database.statements.rows("SELECT type, request_id FROM chassis.outgoing")
    assert [(entry["type"], entry["request_id"]) for entry in published] == [("sale.written_down", "from-outside-1")]
    assert [entry["request_id"] for entry in logged] == ["from-outside-1"]


async def test_what_is_rolled_back_is_never_told(shop: Client, ledger: Client) -> None:
    await sell(shop, "one")
    again = await shop.post("/v1/sales/one", headers=shop.as_(CHAIR))
    assert again.status_code == 500
    await sell(shop, "two")
    assert await eventually(lambda: _has(ledger, "two"))
    assert await sales(ledger) == {"one": 1, "two": 1}


async def _has(client: Client, number: str) -> bool:
    return number in await sales(client)


async def test_one_bad_event_holds_up_no_other(shop: Client, ledger: Client) -> None:
    await asyncio.gather(*(sell(shop, f"n{n}", fails=n == 3) for n in range(12)))

    async def all_others() -> bool:
        return len(await sales(ledger)) == 11

    assert await eventually(all_others)

    async def only_that_one() -> Any:
        # What took its effect is known there a moment before it is noted here.
        found = await deliveries(shop, state="waiting")
        return found if len(found) == 1 else None

    (waiting,) = await eventually(only_that_one)
    assert waiting["subject"] == "n3"
    assert waiting["attempts"][0]["status"] == 500


async def test_an_outside_endpoint_is_told_with_a_signature_that_others_verify(
    shop: Client, listener: tuple[Listener, str]
) -> None:
    outside, url = listener
    registered = await register(shop, url, event_types=["sale.made"])
    await sell(shop, "one")
    assert await eventually(lambda: _count(outside, 1))
    headers, body = outside.requests[0]
    event = Webhook(registered["secret"]).verify(body, headers)
    assert event["type"] == "sale.made"
    assert event["data"] == {"number": "one", "fails": False}
    assert from_http(headers, body)["source"] == "shop"
    (delivery,) = await eventually(lambda: deliveries(shop, subscriber=registered["id"], state="delivered"))
    assert (delivery["attempts"][0]["status"], delivery["attempts"][0]["answer"]) == (200, "noted")


async def test_the_beginning_of_an_answer_is_kept_in_however_many_pieces_it_comes(
    shop: Client, listener: tuple[Listener, str]
) -> None:
    outside, url = listener
    outside.status, outside.says = 422, ["no", "such ", "kind" * 200]
    registered = await register(shop, url)
    await sell(shop, "one")

    async def tried() -> Any:
        found = await deliveries(shop, subscriber=registered["id"])
        return [attempt for delivery in found for attempt in delivery["attempts"]]

    attempt, *_ = await eventually(tried)
    assert attempt["status"] == 422
    assert attempt["answer"] == ("nosuch " + "kind" * 200)[:500]


async def _count(outside: Listener, wanted: int) -> bool:
    return len(outside.requests) >= wanted


async def test_a_rotated_secret_leaves_the_earlier_one_valid(shop: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    registered = await register(shop, url)
    answer = await shop.post(
        f"{PREFIX}/webhook-endpoints/{registered['id']}/rotate-secret", headers=shop.as_(ADMINISTRATOR)
    )
    await sell(shop, "one")
    assert await eventually(lambda: _count(outside, 1))
    headers, body = outside.requests[0]
    for secret in (registered["secret"], answer.json()["secret"]):
        assert Webhook(secret).verify(body, headers)


async def test_whoever_is_gone_is_disabled_and_can_be_told_again(shop: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    outside.status = 410
    registered = await register(shop, url)
    await sell(shop, "one")
    assert await eventually(lambda: deliveries(shop, subscriber=registered["id"], state="parked"))
    place = f"{PREFIX}/webhook-endpoints/{registered['id']}"
    administrator = shop.as_(ADMINISTRATOR)
    assert (await shop.get(place, headers=administrator)).json()["disabled_because"] == "It answered 410 Gone."
    outside.status = 204
    assert (await shop.post(f"{place}/enable", headers=administrator)).json()["disabled_at"] is None
    replayed = await shop.post(
        f"{PREFIX}/deliveries/replay", json={"subscriber": registered["id"]}, headers=administrator
    )
    assert replayed.json() == {"replayed": 1}
    assert await eventually(lambda: deliveries(shop, subscriber=registered["id"], state="delivered"))


async def test_a_delivery_is_parked_and_its_endpoint_disabled_at_once(
    shop: Client, listener: tuple[Listener, str]
) -> None:
    """While its endpoint cannot be disabled yet, a delivery that was answered with 410 is not shown as parked."""
    outside, url = listener
    outside.status = 410
    registered = await register(shop, url)
    async with shop.process.database.transaction() as session:
        await (await session.connection()).execute(text("SELECT FROM chassis.webhook_endpoint FOR UPDATE"))
        await sell(shop, "one")
        assert await eventually(lambda: shop.process.database.statements.rows(WAITS_FOR_A_LOCK))
        assert await deliveries(shop, subscriber=registered["id"], state="parked") == []
    (parked,) = await eventually(lambda: deliveries(shop, subscriber=registered["id"], state="parked"))
    assert [attempt["status"] for attempt in parked["attempts"]] == [410]


async def test_a_redirect_is_not_followed(shop: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    outside.status = 302
    registered = await register(shop, url)
    await sell(shop, "one")
    assert await eventually(lambda: _count(outside, 1))

    async def tried() -> list[dict[str, Any]]:
        return [delivery for delivery in await deliveries(shop, subscriber=registered["id"]) if delivery["attempts"]]

    (delivery,) = await eventually(tried)
    assert delivery["state"] == "waiting"
    assert delivery["attempts"][0]["status"] == 302


async def test_a_test_event_reaches_its_endpoint_alone(shop: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    registered = await register(shop, url, event_types=["sale.made"])
    await register(shop, url + "?another")
    answer = await shop.post(f"{PREFIX}/webhook-endpoints/{registered['id']}/test", headers=shop.as_(ADMINISTRATOR))
    assert answer.status_code == 202
    assert await eventually(lambda: _count(outside, 1))
    await asyncio.sleep(0.2)
    assert [json.loads(body)["type"] for _, body in outside.requests] == ["webhook_endpoint.tested"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://0x7f000001/", "https://[::1]/",
     "https://169.254.169.254/", "http://example.org/", "https://user@example.org/", "ftp://example.org", "nonsense"],
)  # fmt: skip
async def test_private_addresses_are_refused(running: Running, url: str) -> None:
    shop = await running(SHOP)
    answer = await shop.post(f"{PREFIX}/webhook-endpoints", json={"url": url}, headers=shop.as_(ADMINISTRATOR))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "url"


async def test_a_wrong_signature_is_refused(shop: Client, ledger: Client) -> None:
    body = json.dumps({"specversion": "1.0"})
    content = {"Content-Type": "application/cloudevents+json"}
    assert (await ledger.post("/webhooks/events", content=body, headers=content)).status_code == 401
    late = Webhook(keys.webhook_secret("shop", "ledger"))
    old = clock.machine_now() - timedelta(minutes=10)
    headers = {
        "webhook-id": "one",
        "webhook-timestamp": str(int(old.timestamp())),
        "webhook-signature": late.sign("one", old, body),
    }
    assert (await ledger.post("/webhooks/events", content=body, headers=headers | content)).status_code == 401
