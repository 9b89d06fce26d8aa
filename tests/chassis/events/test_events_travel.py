"""Events from the commit that made them true to their effect in another service, over real HTTP."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from standardwebhooks import Webhook

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from chassis.events import inbox
from chassis.events.deliveries import send_again
from tests.support import keys
from tests.support.chassis.toys import LEDGER, SHOP
from tests.support.running import Running
from tests.support.serving import Client
from tests.support.waiting import eventually

CHAIR = Role.CHAIR
DELIVERIES = "SELECT at, subject, attempts FROM chassis.delivery JOIN chassis.outgoing ON id = event_id \
    WHERE (delivered_at IS NOT NULL) = $1"


def to_ledger(address: str) -> list[Subscriber]:
    return [
        Subscriber(name="ledger", url=f"{address}/webhooks/events", secrets=[keys.webhook_secret("shop", "ledger")])
    ]


@pytest.fixture
async def ledger(running: Running) -> Client:
    return await running(LEDGER, webhook_publishers={"shop": [keys.webhook_secret("shop", "ledger")]})


@pytest.fixture
async def shop(running: Running, ledger: Client) -> Client:
    return await running(SHOP, worker_in_web=True, webhook_subscribers=to_ledger(str(ledger.base_url)))


async def sell(shop: Client, number: str, **query: Any) -> None:
    answer = await shop.post(f"/v1/sales/{number}", headers=shop.as_(CHAIR), params=query)
    assert answer.status_code == 201, answer.text


async def sales(client: Client) -> dict[str, int]:
    rows = await client.process.database.statements.rows("SELECT number, times FROM sale")
    return {row["number"]: row["times"] for row in rows}


async def deliveries(shop: Client, *, delivered: bool) -> list[Any]:
    return await shop.process.database.statements.rows(DELIVERIES, delivered)


async def test_an_event_has_its_effect_once(shop: Client, ledger: Client) -> None:
    await sell(shop, "one")
    assert await eventually(lambda: sales(ledger)) == {"one": 1}
    (delivery,) = await eventually(lambda: deliveries(shop, delivered=True))
    assert await send_again(shop.settings, "ledger", delivery["at"]) == 1
    assert await eventually(lambda: deliveries(shop, delivered=True))
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
        found = await deliveries(shop, delivered=False)
        return found if len(found) == 1 else None

    (waiting,) = await eventually(only_that_one)
    assert waiting["subject"] == "n3"
    assert json.loads(waiting["attempts"])[0]["status"] == 500


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
