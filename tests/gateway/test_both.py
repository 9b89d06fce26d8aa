"""Children on a plan who are looked after as well, put together from two services."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from chassis.callers import Role
from gateway.both import ChildInBothPage
from tests.gateway.conftest import GatewayWith
from tests.gateway.sisters import Sister
from tests.gateway.world import ROLES, World
from tests.serving import listening

PATH = "/v1/children-in-both"
NOWHERE = "http://127.0.0.1:9"
GROUPS = ROLES | {"Analysts": [Role.PERFORMANCE_ANALYST], "Managers": [Role.SOCIAL_WORK_MANAGER]}


def on_plan(person_id: str) -> dict[str, Any]:
    """A child as conferences list them, the category of the plan included."""
    return {
        "person_id": person_id,
        "given_name": "Merrin",
        "family_name": "Planted",
        "area_id": "north",
        "plan_since": "2019-02-03",
        "category": "NEG",
        "chair_id": "chair-1",
        "school": "Not for this list",
    }


def looked_after(person_id: str) -> dict[str, Any]:
    """The same child as reviews list them."""
    return {
        "person_id": person_id,
        "looked_after_since": "2019-05-06",
        "legal_status": "C2",
        "short_breaks": False,
        "chair_id": "chair-2",
    }


@dataclass
class Both:
    """The gateway before two services."""

    gateway: httpx.AsyncClient
    conferences: Sister
    reviews: Sister
    world: World

    async def get(self, group: str = "Chairs", subject: str = "ada", **query: Any) -> httpx.Response:
        """The answer to somebody of a group."""
        headers = self.world.sign_in.as_(group, subject=subject) | {"Access-Reason": "Check"}
        return await self.gateway.get(PATH, params=query, headers=headers)

    async def ids(self, **query: Any) -> list[str]:
        """The person numbers of all pages."""
        found: list[str] = []
        while True:
            answer = await self.get(**query)
            assert answer.status_code == 200, answer.text
            page = ChildInBothPage.model_validate_json(answer.content, strict=True)
            found += [one.person_id for one in page.items]
            if page.next is None:
                return found
            query["cursor"] = page.next


@pytest.fixture
async def both(world: World, gateway_with: GatewayWith) -> AsyncIterator[Both]:
    """Two services that know some children both, and others alone."""
    conferences, reviews = Sister("/v1/children"), Sister("/v1/looked-after-children")
    conferences.children = [on_plan(one) for one in ("P1", "P2", "P4", "P5")]
    reviews.children = [looked_after(one) for one in ("P2", "P3", "P5", "P6")]
    async with listening(conferences.app()) as first, listening(reviews.app()) as second:
        services = world.services | {"conferences": first, "reviews": second}
        gateway = await gateway_with(services=services, issuers=[world.issuer(roles=GROUPS)])
        yield Both(gateway, conferences, reviews, world)


async def test_who_is_in_both_is_shown_with_what_each_knows(both: Both) -> None:
    answer = await both.get()
    assert answer.json() == {
        "items": [
            {
                "person_id": person_id,
                "given_name": "Merrin",
                "family_name": "Planted",
                "area_id": "north",
                "plan_since": "2019-02-03",
                "category": "NEG",
                "conference_chair_id": "chair-1",
                "looked_after_since": "2019-05-06",
                "legal_status": "C2",
                "short_breaks": False,
                "review_chair_id": "chair-2",
            }
            for person_id in ("P2", "P5")
        ],
        "next": None,
    }


async def test_each_service_is_asked_for_those_it_counts_and_told_why(both: Both) -> None:
    await both.get(area_id="north", chair_id="chair-1")
    asked = {"on_plan": "true", "area_id": "north", "chair_id": "chair-1", "limit": "200", "why": "Check"}
    assert both.conferences.asked == [asked]
    assert both.reviews.asked == [{"looked_after": "true", "limit": "200", "why": "Check"}]


@pytest.mark.parametrize("limit", [1, 3, 200])
async def test_both_lists_are_read_to_their_end_in_whatever_order_they_come(both: Both, limit: int) -> None:
    # An order of letters as another database may have it; the last child of one list is the first of the other.
    every = sorted((f"{letter}{number}" for letter in "aBcD" for number in range(130)), key=str.lower)
    both.conferences.children = [on_plan(one) for one in every]
    both.reviews.children = [looked_after(one) for one in reversed(every) if one.endswith("7")]
    wanted = sorted(one for one in every if one.endswith("7"))
    assert await both.ids(limit=limit) == wanted
    assert len(both.conferences.asked) % 3 == 0, "three pages of the services each time"


async def test_a_child_whom_one_service_hides_is_not_shown(both: Both) -> None:
    both.reviews.hidden["ada"] = {"P2"}
    both.conferences.hidden["eve"] = {"P5"}
    assert await both.ids(subject="ada") == ["P5"]
    assert await both.ids(subject="eve") == ["P2"]
    assert await both.ids(subject="kim") == ["P2", "P5"]


@pytest.mark.parametrize("down", ["conferences", "reviews"])
async def test_half_a_list_does_not_look_whole(world: World, gateway_with: GatewayWith, both: Both, down: str) -> None:
    working = {"conferences": both.conferences, "reviews": both.reviews}
    del working[down]
    ((name, sister),) = working.items()
    async with listening(sister.app()) as address:
        client = await gateway_with(services={name: address, down: NOWHERE})
        answer = await client.get(PATH, headers=world.sign_in.as_("Chairs"))
        missing = await gateway_with(services={name: address})
        other = await missing.get(PATH, headers=world.sign_in.as_("Chairs"))
    for one in (answer, other):
        assert (one.status_code, one.json()["type"]) == (503, "/problems/list-incomplete")
        assert one.json()["services"] == [down]
        assert one.headers["retry-after"] == "5"


async def test_what_a_service_has_against_the_question_the_caller_hears(both: Both) -> None:
    both.reviews.refuses = 422
    answer = await both.get()
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    both.reviews.refuses = 500
    assert (await both.get()).status_code == 503


async def test_only_who_may_read_in_both_may_ask(both: Both) -> None:
    assert (await both.gateway.get(PATH)).status_code == 401
    for group, status in (("Analysts", 403), ("Administrators", 403), ("Managers", 200)):
        assert (await both.get(group)).status_code == status, group


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "nonsense"}, {"cursor": "WyIxIiwiMiJd"}])
async def test_a_wrong_question_is_refused(both: Both, query: dict[str, Any]) -> None:
    answer = await both.get(**query)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, list(query))
