"""What is read says by its tag whether anything is new, and a PUT can be repeated."""

from datetime import datetime

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from chassis.access.callers import Role
from chassis.web.openapi import DocumentedApp
from chassis.web.routes import Route
from deploy.services import SERVICES
from tests.support.contracts.services import all_operations, application, gateway, merged
from tests.support.running import Running

# What is no part of the API: the document itself and its page.
PAGES = {"/docs", "/docs/start.js", "/docs/static/{name}", "/openapi.json", "/problems/{name}", "/problems/style.css"}


@pytest.mark.parametrize("app", [*map(application, SERVICES), gateway().pages], ids=[*SERVICES, "gateway"])
def test_every_reading_of_the_document_has_a_tag(app: DocumentedApp) -> None:
    routes = [route.original_route for route in iter_route_contexts(app.routes)]
    readings = [route for route in routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]
    plain = {route.path for route in readings if route.include_in_schema and not isinstance(route, Route)}
    assert plain - PAGES == set()


def test_every_reading_declares_its_tag() -> None:
    for operation in all_operations(merged()):
        answer = operation.document["responses"].get("200", {})
        if operation.method == "GET" and "application/json" in answer.get("content", {}):
            assert "ETag" in answer["headers"], operation.label


def test_no_put_asks_for_a_version_before_it_is_compared() -> None:
    puts = [operation for operation in all_operations(merged()) if operation.method == "PUT"]
    assert len(puts) > 8
    for operation in puts:
        versions = [taken for taken in operation.document["parameters"] if taken["name"] == "If-Match"]
        # A picture is replaced as a whole.
        assert len(versions) == (0 if operation.path.endswith("/photograph") else 1), operation.label
        assert not any(version["required"] for version in versions), operation.label


async def test_what_somebody_has_already_is_not_sent_again(running: Running) -> None:
    client = await running("notifications")
    headers = client.as_(Role.ADMINISTRATOR)
    await client.put("/v1/areas/north", json={"name": "North"}, headers=headers)
    for path in ("/v1/areas/north", "/v1/areas"):
        read = await client.get(path, headers=headers)
        tag = read.headers["ETag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}'):
            again = await client.get(path, headers=headers | {"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    tag = (await client.get("/v1/areas/north", headers=headers)).headers["ETag"]
    changed = await client.put("/v1/areas/north", json={"name": "Fens"}, headers=headers | {"If-Match": tag})
    assert changed.status_code == 200
    assert (await client.get("/v1/areas/north", headers=headers | {"If-None-Match": tag})).status_code == 200


async def test_moments_are_in_utc_and_say_so(running: Running) -> None:
    """Also those that PostgreSQL writes; a text that only ends like one stays as it is."""
    client = await running("notifications")
    headers = client.as_(*Role)
    reason = "Asked at 2026-01-05T09:00:00+00:00"
    made = await client.post(
        "/v1/messages/suppressions", json={"address": "a@example.org", "reason": reason}, headers=headers
    )
    (listed,) = (await client.get("/v1/messages/suppressions", headers=headers)).json()["items"]
    assert (listed["reason"], made.json()["reason"]) == (reason, reason)
    # PostgreSQL leaves out zeros at the end of a moment.
    assert datetime.fromisoformat(listed["since"]) == datetime.fromisoformat(made.json()["since"])
    assert listed["since"].endswith("Z")
