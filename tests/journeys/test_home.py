"""A chair's home page: one answer of the gateway, made of what two services know."""

from collections.abc import AsyncIterator

import httpx
import pytest

from chassis import clock
from gateway.app import web
from gateway.settings import GatewaySettings
from tests import keys
from tests.conftest import Running
from tests.services.escalations.desk import DIRECTORY as ESCALATIONS_DIRECTORY
from tests.services.escalations.desk import Desk
from tests.services.reviews.office import DIRECTORY as REVIEWS_DIRECTORY
from tests.services.reviews.office import Office, days_ago
from tests.serving import listening


@pytest.fixture
async def office(running: Running) -> Office:
    office = Office(await running("reviews", log_level="error"))
    await office.rows(REVIEWS_DIRECTORY)
    return office


@pytest.fixture
async def desk(running: Running) -> Desk:
    desk = Desk(await running("escalations", log_level="error"))
    await desk.rows(ESCALATIONS_DIRECTORY)
    return desk


@pytest.fixture
async def gateway(office: Office, desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    settings = GatewaySettings(
        environment="development",
        internal_signing_key=keys.private_jwk("gateway"),  # type: ignore[arg-type]
        services={"reviews": str(office.client.base_url), "escalations": str(desk.client.base_url)},
        development_sign_in=True,
        development_people={"chair": "chair-1", "performance_analyst": "analyst-1"},
        log_level="error",
    )
    async with listening(web(settings)) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


async def signed_in(gateway: httpx.AsyncClient, role: str) -> dict[str, str]:
    answer = await gateway.get(f"/development/sign-in/{role}", headers={"Accept": "application/json"})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_a_chair_sees_what_is_due_planned_and_escalated(
    gateway: httpx.AsyncClient, office: Office, desk: Desk
) -> None:
    await office.registered("P1", since=days_ago(60))
    await office.registered("P2", since=days_ago(20))
    planned = await office.planned("P2", on=clock.today())
    raised = await desk.raised()
    answer = await gateway.get("/v1/home", headers=await signed_in(gateway, "chair"))
    assert answer.status_code == 200, answer.text
    home = answer.json()
    assert home["missing"] == []
    assert ("P1", "review") in {(one["person_id"], one["kind"]) for one in home["overdue"]["items"]}
    assert {one["reference"] for one in home["planned_reviews"]["items"]} == {planned["reference"]}
    assert {one["reference"] for one in home["unanswered_escalations"]["items"]} == {raised["reference"]}
    assert {one["person_id"] for one in home["due_soon"]["items"]} >= {"P2"}
    seen = await office.rows("SELECT DISTINCT action FROM chassis.audit_entry WHERE caller = 'chair-1'")
    assert {one["action"] for one in seen} >= {"list_deadlines", "list_reviews"}


async def test_another_chair_sees_their_own(gateway: httpx.AsyncClient, office: Office) -> None:
    await office.registered("P3", since=days_ago(60), chair="chair-2")
    home = (await gateway.get("/v1/home", headers=await signed_in(gateway, "chair"))).json()
    assert home["overdue"]["items"] == []


async def test_analysts_have_no_home_page(gateway: httpx.AsyncClient) -> None:
    assert (await gateway.get("/v1/home", headers=await signed_in(gateway, "performance_analyst"))).status_code == 403


async def test_a_service_that_is_down_is_named_and_the_others_show(office: Office) -> None:
    await office.registered("P1", since=days_ago(60))
    settings = GatewaySettings(
        environment="development",
        internal_signing_key=keys.private_jwk("gateway"),  # type: ignore[arg-type]
        services={"reviews": str(office.client.base_url), "escalations": "http://127.0.0.1:9"},
        development_sign_in=True,
        development_people={"chair": "chair-1"},
        log_level="error",
    )
    async with listening(web(settings)) as address, httpx.AsyncClient(base_url=address) as client:
        home = (await client.get("/v1/home", headers=await signed_in(client, "chair"))).json()
    assert home["missing"] == ["escalations"]
    assert home["unanswered_escalations"] is None
    assert home["overdue"]["items"]
