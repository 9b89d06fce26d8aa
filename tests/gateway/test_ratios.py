"""Escalations for each 100 conferences, put together from two services."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from gateway.ratios import EscalationsPerConferenceOut, per_hundred
from tests.support.gateway.counting_services import ServiceClient
from tests.support.gateway.world import ROLES, World
from tests.support.running import GatewayWith
from tests.support.serving import listening

PATH = "/v1/figures/escalations-per-conference"
GROUPS = ROLES | {"Analysts": [Role.PERFORMANCE_ANALYST], "Managers": [Role.SOCIAL_WORK_MANAGER]}
ABOUT = {"by": "month", "first_day": "2019-04-01", "last_day": "2019-06-30"}


def table(counted: str, numbers: dict[str | None, int | None]) -> dict[str, Any]:
    """A table of figures of a service."""
    return ABOUT | {"rows": [{"key": key, counted: number, "cumulative": 0} for key, number in numbers.items()]}


HELD: dict[str | None, int | None] = {"2019-04": 60, "2019-05": 0, "2019-06": 70, None: 130}
RAISED: dict[str | None, int | None] = {"2019-04": 15, "2019-05": 2, "2019-06": 30, None: 47}


@pytest.fixture
def conferences() -> ServiceClient:
    return ServiceClient("/v1/figures/conferences", table=table("conferences", HELD))


@pytest.fixture
def escalations() -> ServiceClient:
    return ServiceClient("/v1/figures/escalations", table=table("raised", RAISED))


@pytest.fixture
async def gateway(
    conferences: ServiceClient, escalations: ServiceClient, gateway_with: GatewayWith, world: World
) -> AsyncIterator[httpx.AsyncClient]:
    async with listening(conferences.app()) as first, listening(escalations.app()) as second:
        services = {"conferences": first, "escalations": second}
        yield await gateway_with(services=services, issuers=[world.issuer(roles=GROUPS)])


async def test_both_tables_stand_side_by_side(gateway: httpx.AsyncClient, world: World) -> None:
    answer = await gateway.get(PATH, params={"period": "2019-Q1"}, headers=world.sign_in.as_("Chairs"))
    assert answer.status_code == 200, answer.text
    EscalationsPerConferenceOut.model_validate_json(answer.content, strict=True)
    assert answer.json() == ABOUT | {
        "rows": [
            {"key": "2019-04", "conferences": 60, "escalations": 15, "per_hundred": 25.0},
            {"key": "2019-05", "conferences": 0, "escalations": 2, "per_hundred": None},
            {"key": "2019-06", "conferences": 70, "escalations": 30, "per_hundred": 42.9},
            {"key": None, "conferences": 130, "escalations": 47, "per_hundred": 36.2},
        ]
    }


async def test_the_same_is_asked_of_both_about_contributions_alone(
    gateway: httpx.AsyncClient, world: World, conferences: ServiceClient, escalations: ServiceClient
) -> None:
    query = {"period": "2018-19", "until": "2019-20", "by": "quarter", "area_id": "north", "suppress": "true"}
    await gateway.get(PATH, params=query, headers=world.sign_in.as_("Chairs"))
    assert conferences.asked == [query | {"why": ""}]
    assert escalations.asked == [query | {"why": "", "kind": "conference_contribution"}]


async def test_a_service_that_is_down_leaves_no_half_of_a_figure(
    gateway_with: GatewayWith, conferences: ServiceClient, world: World
) -> None:
    async with listening(conferences.app()) as address:
        for services in ({"escalations": "http://127.0.0.1:9"}, {}):
            client = await gateway_with(services={"conferences": address} | services)
            answer = await client.get(PATH, params={"period": "2019"}, headers=world.sign_in.as_("Chairs"))
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/figures-incomplete")
            assert answer.json()["services"] == ["escalations"]


async def test_what_a_service_has_against_the_question_the_caller_hears(
    gateway: httpx.AsyncClient, world: World, conferences: ServiceClient
) -> None:
    conferences.refuses = 422
    answer = await gateway.get(PATH, params={"period": "2019"}, headers=world.sign_in.as_("Chairs"))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("query", [{}, {"period": "2019", "by": "agency"}, {"period": "x" * 11}])
async def test_a_wrong_question_is_refused(gateway: httpx.AsyncClient, world: World, query: dict[str, str]) -> None:
    answer = await gateway.get(PATH, params=query, headers=world.sign_in.as_("Chairs"))
    assert answer.status_code == 422


async def test_analysts_may_ask_and_those_who_see_no_figures_may_not(gateway: httpx.AsyncClient, world: World) -> None:
    assert (await gateway.get(PATH, params={"period": "2019"})).status_code == 401
    for group, status in (("Analysts", 200), ("Managers", 403), ("Administrators", 403)):
        answer = await gateway.get(PATH, params={"period": "2019"}, headers=world.sign_in.as_(group))
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("escalations", "conferences", "found"),
    [(325, 774, 42.0), (0, 5, 0.0), (3, 0, None), (None, 20, None), (3, None, None), (1, 3, 33.3)],
)
def test_the_ratio(escalations: int | None, conferences: int | None, found: float | None) -> None:
    assert per_hundred(escalations, conferences) == found
