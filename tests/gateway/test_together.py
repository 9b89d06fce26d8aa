"""What reviews and conferences know together: one list, one timeline, one diary, and one address for each of theirs."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from chassis.access.audit_entries import AuditEntriesQuery
from chassis.web.ordering import cursor_after
from gateway.together.asking import MergedList
from tests.support.gateway.world import SmallService, World
from tests.support.running import GatewayWith

NOT_FOUND = {"type": "/problems/not-found", "title": "There is no such record", "status": 404}


@pytest.fixture
def reviews(world: World) -> SmallService:
    """The first service, which stands for reviews."""
    return world.escalations


@pytest.fixture
def conferences(world: World) -> SmallService:
    """The second one, which stands for conferences."""
    return world.notifications


@pytest.fixture
async def both(
    gateway_with: GatewayWith, world: World, reviews: SmallService, conferences: SmallService
) -> httpx.AsyncClient:
    """A gateway before them, as a chair asks it."""
    client = await gateway_with(
        services={
            "reviews": world.services[reviews.name],
            "conferences": world.services[conferences.name],
            "escalations": "http://127.0.0.1:9",
        }
    )
    client.headers.update(world.sign_in.as_("Chairs"))
    return client


def deadline(number: int, due_on: str) -> dict[str, Any]:
    return {"id": str(UUID(int=number)), "due_on": due_on}


def page(*items: dict[str, Any], following: str | None = None) -> tuple[int, dict[str, Any]]:
    return 200, {"items": list(items), "next": following}


async def test_deadlines_of_both_are_one_list_soonest_first(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService
) -> None:
    """On one day the identifier decides; the cursor is the last one's place, and each says what it is about."""
    reviews.answers["/internal/deadlines"] = page(deadline(4, "2026-01-05"), deadline(2, "2026-01-07"))
    conferences.answers["/internal/deadlines"] = page(deadline(3, "2026-01-05"), deadline(1, "2026-01-06"))
    answer = await both.get("/v1/deadlines", params={"limit": 3, "person_id": ["P1", "P2"], "overdue": "true"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(UUID(item["id"]).int, item["about"]) for item in found["items"]] == [
        (3, "conference"),
        (4, "review"),
        (1, "conference"),
    ]
    assert found["next"] == cursor_after("2026-01-06", str(UUID(int=1)))
    (asked,) = reviews.asked
    assert conferences.asked == [asked]
    assert set(asked.strip().partition("?")[2].split("&")) == {
        "limit=3",
        "sort=due_on",
        "person_id=P1",
        "person_id=P2",
        "overdue=true",
    }


@pytest.mark.parametrize(("about", "number"), [("review", 4), ("conference", 3)])
async def test_only_the_one_is_asked_that_it_is_about(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService, about: str, number: int
) -> None:
    reviews.answers["/internal/deadlines"] = page(deadline(4, "2026-01-05"))
    conferences.answers["/internal/deadlines"] = page(deadline(3, "2026-01-05"))
    found = (await both.get("/v1/deadlines", params={"about": about})).json()
    assert [UUID(item["id"]).int for item in found["items"]] == [number]
    assert len(reviews.asked) + len(conferences.asked) == 1


async def test_a_list_goes_to_its_end(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService
) -> None:
    """There is a next page as long as either of them has more, and no longer."""
    conferences.answers["/internal/feedback"] = page()
    for following, more in (("more", True), (None, False)):
        said = {"id": str(UUID(int=1)), "given_on": "2026-01-05"}
        reviews.answers["/internal/feedback"] = page(said, following=following)
        assert ((await both.get("/v1/feedback")).json()["next"] is not None) is more


async def test_counts_are_added_up(both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService) -> None:
    path = "/internal/deadlines/counts"
    reviews.answers[path] = (200, {"open": 4, "overdue": 1, "due_today": 0, "due_this_week": 2})
    conferences.answers[path] = (200, {"open": 3, "overdue": 2, "due_today": 1, "due_this_week": 1})
    answer = await both.get("/v1/deadlines/counts", params={"chair_id": "chair-1"})
    assert answer.json() == {"open": 7, "overdue": 3, "due_today": 1, "due_this_week": 3}
    assert reviews.asked == [f"GET {path}?chair_id=chair-1 "]
    assert (await both.get("/v1/deadlines/counts", params={"limit": 1})).status_code == 422


def happened(on: str, what: str, reference: str | None = None) -> dict[str, Any]:
    return {"on": on, "about": "review", "what": what, "reference": reference, "details": {}}


async def test_a_timeline_is_in_the_order_in_which_things_happen_within_a_day(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService
) -> None:
    path = "/internal/children/P1/timeline"
    day = "2026-01-05"
    reviews.answers[path] = (
        200,
        [happened(day, "became_looked_after"), happened(day, "chair_allocated"), happened("2026-01-06", "visit")],
    )
    conferences.answers[path] = (
        200,
        [happened(day, "conference_held", "CONF-2026-0001"), happened(day, "plan_started")],
    )
    found = (await both.get("/v1/children/P1/timeline")).json()
    assert [entry["what"] for entry in found] == [
        "became_looked_after",
        "chair_allocated",
        "conference_held",
        "plan_started",
        "visit",
    ]


@pytest.mark.parametrize("part", ["timeline", "voided"])
async def test_a_child_whom_only_one_of_them_knows_is_known(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService, part: str
) -> None:
    """A child whom neither knows, or shows the caller, is not there."""
    path = f"/internal/children/P1/{part}"
    reviews.answers[path] = (404, NOT_FOUND)
    conferences.answers[path] = (200, [])
    assert (await both.get(f"/v1/children/P1/{part}")).json() == []
    conferences.answers[path] = (404, NOT_FOUND)
    answer = await both.get(f"/v1/children/P1/{part}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_diary_is_by_day_and_time(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService
) -> None:
    """What has no time comes last on its day."""

    def meeting(reference: str, planned_time: str | None) -> dict[str, Any]:
        return {"reference": reference, "planned_on": "2026-01-05", "planned_time": planned_time}

    reviews.answers["/internal/diary"] = (200, [meeting("REV-1", "14:00:00"), meeting("REV-2", None)])
    conferences.answers["/internal/diary"] = (200, [meeting("CONF-1", "09:30:00")])
    found = (await both.get("/v1/diary", params={"chair_id": "chair-2"})).json()
    assert [entry["reference"] for entry in found] == ["CONF-1", "REV-1", "REV-2"]


async def test_half_an_answer_is_refused(gateway_with: GatewayWith, world: World, reviews: SmallService) -> None:
    """Part of what is due would look like all of it."""
    services = {"reviews": world.services[reviews.name], "conferences": "http://127.0.0.1:9"}
    client = await gateway_with(services=services)
    reviews.answers["/internal/deadlines"] = page(deadline(4, "2026-01-05"))
    answer = await client.get("/v1/deadlines", headers=world.sign_in.as_("Chairs"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/answer-incomplete")
    assert answer.json()["services"] == ["conferences"]


async def test_what_has_no_owner_in_its_address_is_looked_for_in_either(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService
) -> None:
    """The second is asked the same, body and all, but only where the first knows nothing of it."""
    path, body = "/v1/feedback/7/void", {"reason": "A mistake."}
    asked = f'POST {path}? {{"reason":"A mistake."}}'
    reviews.answers[path], conferences.answers[path] = (404, NOT_FOUND), (200, {"kind": "feedback"})
    answer = await both.post(path, json=body)
    assert (answer.status_code, answer.json()) == (200, {"kind": "feedback"})
    assert (reviews.asked, conferences.asked) == ([asked], [asked])
    reviews.answers[path] = (409, {"type": "/problems/conflict"})
    assert (await both.post(path, json=body)).status_code == 409
    assert len(conferences.asked) == 1
    reviews.answers[path] = conferences.answers[path] = (404, NOT_FOUND)
    assert (await both.post(path, json=body)).json()["status"] == 404


async def test_a_merged_list_is_read_as_a_spreadsheet(
    both: httpx.AsyncClient, reviews: SmallService, conferences: SmallService
) -> None:
    reviews.answers["/internal/feedback"] = page({"id": str(UUID(int=1)), "given_on": "2026-01-05", "comment": "=1"})
    conferences.answers["/internal/feedback"] = page({"id": str(UUID(int=2)), "given_on": "2026-01-06", "comment": "B"})
    answer = await both.get("/v1/feedback", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert len(lines) == 3 and "conference" in lines[1] and "'=1" in lines[2]


def test_an_earlier_moment_is_before_a_later_one_however_it_is_written() -> None:
    """PostgreSQL leaves out the parts of a second where there are none."""
    merged = MergedList("/x", mark="service")
    pages = {
        "reviews": {"items": [{"id": "1", "at": "2026-01-05T09:00:00+00:00"}], "next": None},
        "conferences": {"items": [{"id": "2", "at": "2026-01-05T09:00:00.5+00:00"}], "next": None},
    }
    assert [item["id"] for item in merged.merged(pages, AuditEntriesQuery())["items"]] == ["2", "1"]
