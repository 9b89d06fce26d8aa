"""The audit of all services as one list."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from chassis.access.audit_entries import AuditEntriesQuery
from chassis.web.ordering import cursor_after
from tests.support.gateway.world import World
from tests.support.running import GatewayWith

PATH = "/v1/audit-entries"


def _entry(number: int, person: str = "1") -> dict[str, Any]:
    # Pairs share a moment, so that the identifier has to decide.
    return {
        "id": str(UUID(int=number)),
        "at": f"2026-01-05T09:00:{number // 2:02}.123456+00:00",
        "caller": "ada",
        "roles": ["chair"],
        "action": "read_escalation",
        "person_ids": [person],
        "record": "escalations/1",
        "why": None,
        "request_id": None,
    }


@pytest.fixture
def _entries(world: World) -> None:
    """Twenty entries: the first service has those in the middle, the other one the rest."""
    world.escalations.entries = [_entry(number) for number in range(4, 12)]
    world.notifications.entries = [_entry(number, "2") for number in (*range(4), *range(12, 20))]


@pytest.mark.usefixtures("_entries")
@pytest.mark.parametrize("limit", [1, 3, 7, 20, 50])
async def test_the_services_audits_are_one_list(gateway: httpx.AsyncClient, world: World, limit: int) -> None:
    """Newest first, in pages, everything once, and each entry with its service."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(21):
        query: dict[str, str | int] = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = await gateway.get(PATH, params=query, headers=world.sign_in.as_("Administrators"))
        assert answer.status_code == 200
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [UUID(entry["id"]).int for entry in found] == list(reversed(range(20)))
    assert {entry["service"] for entry in found if entry["person_ids"] == ["1"]} == {"escalations"}
    assert {entry["service"] for entry in found if entry["person_ids"] == ["2"]} == {"notifications"}


@pytest.mark.usefixtures("_entries")
async def test_filters_go_to_every_service(gateway: httpx.AsyncClient, world: World) -> None:
    """One child's entries, wherever they are."""
    answer = await gateway.get(PATH, params={"person_id": "1"}, headers=world.sign_in.as_("Administrators"))
    assert {entry["service"] for entry in answer.json()["items"]} == {"escalations"}
    assert len(answer.json()["items"]) == 8


@pytest.mark.usefixtures("_entries")
async def test_the_total_is_that_of_every_service(gateway: httpx.AsyncClient, world: World) -> None:
    """And no entry is shown."""
    answer = await gateway.get(PATH, params={"limit": 0}, headers=world.sign_in.as_("Administrators"))
    assert answer.json() == {"items": [], "next": None, "total": 20}


@pytest.mark.usefixtures("_entries")
async def test_the_oldest_can_come_first(gateway: httpx.AsyncClient, world: World) -> None:
    """From page to page."""
    query: dict[str, Any] = {"limit": 7, "sort": "at"}
    found: list[int] = []
    while query.get("cursor", "") is not None:
        answer = await gateway.get(PATH, params=query, headers=world.sign_in.as_("Administrators"))
        found += [UUID(entry["id"]).int for entry in answer.json()["items"]]
        query["cursor"] = answer.json()["next"]
    assert found == list(range(20))


async def test_the_cursor_is_the_services_own(gateway: httpx.AsyncClient) -> None:
    """The chassis reads from it what the gateway wrote."""
    entry = _entry(7)
    asked = AuditEntriesQuery(cursor=cursor_after(entry["at"], entry["id"]))
    assert asked.after == [entry["at"], entry["id"]]


async def test_an_incomplete_audit_does_not_look_complete(gateway_with: GatewayWith, world: World) -> None:
    """503 while one of the services is down, with its name."""
    client = await gateway_with(services=world.services | {"notifications": "http://127.0.0.1:9"})
    answer = await client.get(PATH, headers=world.sign_in.as_("Administrators"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/answer-incomplete")
    assert answer.json()["services"] == ["notifications"]
    assert answer.headers["retry-after"] == "5"


async def test_a_reason_may_be_written_in_any_letters(gateway: httpx.AsyncClient, world: World) -> None:
    """No service counts as down because of it."""
    for reason in ("Zoë’s review".encode(), "Zoë".encode("latin-1")):
        headers = httpx.Headers(world.sign_in.as_("Administrators"))
        headers.update({b"Access-Reason": reason})
        assert (await gateway.get(PATH, headers=headers)).status_code == 200


async def test_only_administrators_may_ask(gateway: httpx.AsyncClient, world: World) -> None:
    """Nobody else, and nobody unknown."""
    assert (await gateway.get(PATH)).status_code == 401
    refused = await gateway.get(PATH, headers=world.sign_in.as_("Chairs"))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")


@pytest.mark.parametrize("query", ["limit=-1", "limit=201", "sort=name", "cursor=nonsense", "since=yesterday"])
async def test_a_wrong_question_is_refused(gateway: httpx.AsyncClient, world: World, query: str) -> None:
    """422 with the field."""
    answer = await gateway.get(f"{PATH}?{query}", headers=world.sign_in.as_("Administrators"))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
