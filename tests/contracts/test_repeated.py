"""A POST that is sent again under its key takes effect once, whatever it is; where a key cannot be kept it is refused."""

from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from chassis.access.callers import Role
from chassis.web.idempotency import DECLARED, WITHOUT_KEY
from chassis.web.routes import Route
from deploy.services import SERVICES
from tests.support.contracts.services import all_operations, application, merged
from tests.support.running import Running
from tests.support.serving import Client

# To run a schedule is many transactions, none of which happens twice; its preview changes nothing.
WITHOUT = {"preview_schedule", "run_schedule"}
AREAS = "/v1/areas/import"
KEY = {"Idempotency-Key": "only-once-please"}


def test_every_post_of_the_document_takes_a_key() -> None:
    posts = {
        operation.document["operationId"]: [parameter["name"] for parameter in operation.document["parameters"]]
        for operation in all_operations(merged())
        if operation.method == "POST"
    }
    assert len(posts) > 80
    assert {name for name, taken in posts.items() if "Idempotency-Key" not in taken} == WITHOUT


@pytest.mark.parametrize("name", SERVICES)
def test_every_post_keeps_its_answer_or_refuses_a_key(name: str) -> None:
    routes = [route.original_route for route in iter_route_contexts(application(name).routes)]
    posts = [route for route in routes if isinstance(route, APIRoute) and "POST" in (route.methods or ())]
    documented = [route for route in posts if route.include_in_schema]
    assert [route.path for route in documented if not isinstance(route, Route)] == []
    assert [route.path for route in documented if not {DECLARED, WITHOUT_KEY} & set(route.dependencies)] == []


async def twice(client: Client, path: str, **sent: Any) -> tuple[httpx.Response, httpx.Response]:
    """The answers to the same request, sent twice under one key."""
    headers = client.as_(*Role, subject="ada") | KEY | sent.pop("headers", {})
    first = await client.post(path, headers=headers, **sent)
    again = await client.post(path, headers=headers, **sent)
    assert "Idempotency-Replayed" not in first.headers
    assert again.status_code == first.status_code, again.text
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers.get("ETag") == first.headers.get("ETag")
    return first, again


async def test_a_record_is_made_once(running: Running) -> None:
    client = await running("notifications")
    first, again = await twice(
        client, "/v1/messages/suppressions", json={"address": "a@example.org", "reason": "Asked."}
    )
    assert first.status_code == 201, first.text
    assert (again.text, again.headers["content-type"]) == (first.text, first.headers["content-type"])


async def test_an_answer_without_a_body_is_given_again(running: Running) -> None:
    client = await running("notifications")
    body = {"address": "a@example.org", "reason": "Asked."}
    await client.post("/v1/messages/suppressions", json=body, headers=client.as_(*Role))
    first, again = await twice(client, "/v1/messages/suppressions/lift", json={"address": "a@example.org"})
    assert (first.status_code, again.content) == (204, b"")


async def test_what_is_shown_once_is_not_kept(running: Running) -> None:
    client = await running("reviews")
    first, again = await twice(client, "/v1/diary-feeds")
    assert first.json()["url"].endswith(".ics")
    assert again.json() == first.json() | {"url": None}
    kept = await client.process.database.statements.rows("SELECT body FROM chassis.idempotent_answer")
    assert ".ics" not in kept[0]["body"]


async def test_a_file_is_taken_in_once(running: Running) -> None:
    client = await running("notifications")
    csv = {"Content-Type": "text/csv"}
    first, again = await twice(client, AREAS, content="id,name\nnorth,North\n", headers=csv)
    assert (first.status_code, again.json()["imported"]) == (200, 1)
    other = await client.post(
        AREAS, content="id,name\nsouth,South\n", headers=client.as_(*Role, subject="ada") | KEY | csv
    )
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_a_key_that_cannot_be_kept_is_refused(running: Running) -> None:
    client = await running("notifications")
    headers = client.as_(*Role) | KEY
    for what in ("preview", "run"):
        answer = await client.post(
            f"/v1/messages/schedules/send_weekly_reminder/{what}", json={"period": "x"}, headers=headers
        )
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-not-kept")


async def test_a_key_says_that_it_is_too_short(running: Running) -> None:
    client = await running("reviews")
    answer = await client.post("/v1/diary-feeds", headers=client.as_(*Role) | {"Idempotency-Key": "short"})
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("Idempotency-Key", "string_too_short")
    assert error["message"] == "Idempotency-Key must be at least 8 characters long."
