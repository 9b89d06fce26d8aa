"""An endpoint outside this system: registered, told what happens with a signature, disabled, and told again."""

import asyncio
import json
from typing import Any

import pytest
from cloudevents.v1.http import from_http
from sqlalchemy import text
from standardwebhooks import Webhook

from chassis.access.callers import Role
from tests.support.notifications.directory import AREA, put
from tests.support.notifications.webhooks import ENDPOINTS, Listener, ask, deliveries, register
from tests.support.running import Running
from tests.support.serving import Client
from tests.support.waiting import eventually

WAITS_FOR_A_LOCK = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def change_area(notifications: Client, area_id: str = "north") -> None:
    assert (await put(notifications, f"areas/{area_id}", AREA)).status_code == 201


async def test_an_outside_endpoint_is_told_with_a_signature_that_others_verify(
    notifications: Client, listener: tuple[Listener, str]
) -> None:
    outside, url = listener
    registered = await register(notifications, url, event_types=["directory.area_changed"])
    await change_area(notifications)
    assert await eventually(lambda: outside.has_received(1))
    headers, body = outside.requests[0]
    event = Webhook(registered["secret"]).verify(body, headers)
    assert event["type"] == "directory.area_changed"
    assert event["data"] == {"id": "north", "ends_on": None, "version": 1}
    assert from_http(headers, body)["source"] == "notifications"
    (delivery,) = await eventually(lambda: deliveries(notifications, endpoint_id=registered["id"], state="delivered"))
    assert (delivery["attempts"][0]["status"], delivery["attempts"][0]["answer"]) == (200, "noted")


async def test_the_beginning_of_an_answer_is_kept_in_however_many_pieces_it_comes(
    notifications: Client, listener: tuple[Listener, str]
) -> None:
    outside, url = listener
    outside.status, outside.says = 422, ["no", "such ", "kind" * 200]
    registered = await register(notifications, url)
    await change_area(notifications)

    async def tried() -> Any:
        found = await deliveries(notifications, endpoint_id=registered["id"])
        return [attempt for delivery in found for attempt in delivery["attempts"]]

    attempt, *_ = await eventually(tried)
    assert attempt["status"] == 422
    assert attempt["answer"] == ("nosuch " + "kind" * 200)[:500]


async def test_a_rotated_secret_leaves_the_earlier_one_valid(
    notifications: Client, listener: tuple[Listener, str]
) -> None:
    outside, url = listener
    registered = await register(notifications, url)
    answer = await ask(notifications, "POST", registered, "/rotate-secret")
    await change_area(notifications)
    assert await eventually(lambda: outside.has_received(1))
    headers, body = outside.requests[0]
    for secret in (registered["secret"], answer.json()["secret"]):
        assert Webhook(secret).verify(body, headers)


async def test_whoever_is_gone_is_disabled_and_can_be_told_again(
    notifications: Client, listener: tuple[Listener, str]
) -> None:
    outside, url = listener
    outside.status = 410
    registered = await register(notifications, url)
    await change_area(notifications)
    assert await eventually(lambda: deliveries(notifications, endpoint_id=registered["id"], state="parked"))
    assert (await ask(notifications, "GET", registered)).json()["disabled_because"] == "It answered 410 Gone."
    outside.status = 204
    assert (await ask(notifications, "POST", registered, "/enable")).json()["disabled_at"] is None
    replayed = await ask(notifications, "POST", registered, "/replay", {})
    assert replayed.json() == {"replayed": 1}
    assert await eventually(lambda: deliveries(notifications, endpoint_id=registered["id"], state="delivered"))


async def test_a_delivery_is_parked_and_its_endpoint_disabled_at_once(
    notifications: Client, listener: tuple[Listener, str]
) -> None:
    """While its endpoint cannot be disabled yet, a delivery that was answered with 410 is not shown as parked."""
    outside, url = listener
    outside.status = 410
    registered = await register(notifications, url)
    async with notifications.process.database.transaction() as session:
        await (await session.connection()).execute(text("SELECT FROM webhook_endpoint FOR NO KEY UPDATE"))
        await change_area(notifications)
        assert await eventually(lambda: notifications.process.database.statements.rows(WAITS_FOR_A_LOCK))
        assert await deliveries(notifications, endpoint_id=registered["id"], state="parked") == []
    (parked,) = await eventually(lambda: deliveries(notifications, endpoint_id=registered["id"], state="parked"))
    assert [attempt["status"] for attempt in parked["attempts"]] == [410]


async def test_a_redirect_is_not_followed(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    outside.status = 302
    registered = await register(notifications, url)
    await change_area(notifications)
    assert await eventually(lambda: outside.has_received(1))

    async def tried() -> list[dict[str, Any]]:
        found = await deliveries(notifications, endpoint_id=registered["id"])
        return [delivery for delivery in found if delivery["attempts"]]

    (delivery,) = await eventually(tried)
    assert delivery["state"] == "waiting"
    assert delivery["attempts"][0]["status"] == 302


async def test_a_test_event_reaches_its_endpoint_alone(notifications: Client, listener: tuple[Listener, str]) -> None:
    outside, url = listener
    registered = await register(notifications, url, event_types=["directory.area_changed"])
    await register(notifications, url + "?another")
    answer = await ask(notifications, "POST", registered, "/test")
    assert answer.status_code == 202
    assert await eventually(lambda: outside.has_received(1))
    await asyncio.sleep(0.2)
    assert [json.loads(body)["type"] for _, body in outside.requests] == ["webhook_endpoint.tested"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://0x7f000001/", "https://[::1]/",
     "https://169.254.169.254/", "http://example.org/", "https://user@example.org/", "ftp://example.org", "nonsense"],
)  # fmt: skip
async def test_private_addresses_are_refused(running: Running, url: str) -> None:
    client = await running("notifications")
    answer = await client.post(ENDPOINTS, json={"url": url}, headers=client.as_(Role.ADMINISTRATOR))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "url"
