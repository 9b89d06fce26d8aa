"""A chair's home page: one answer of the gateway, made of what three services know."""

import json
from typing import Any, cast

import httpx
import pytest

from chassis.access.callers import ROLES, Role
from chassis.base import clock
from chassis.web.first_pages import AT_HOME
from gateway.app import web
from gateway.settings import GatewaySettings
from services.conferences.home import ConferencesHome
from services.escalations.home import EscalationsHome
from services.reviews.home import ReviewsHome
from tests.support import keys
from tests.support.conferences.desk import GP, recent_working_day, working_days_ago
from tests.support.conferences.desk import Desk as ConferencesDesk
from tests.support.escalations.desk import Desk
from tests.support.gateway.signing_in import signed_in
from tests.support.reviews.office import Office, days_ago
from tests.support.serving import listening
from tests.support.waiting import PATIENCE


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
    assert ("P1", "review") in {(item["person_id"], item["kind"]) for item in home["overdue"]["items"]}
    assert {item["reference"] for item in home["planned_reviews"]["items"]} == {planned["reference"]}
    assert {item["reference"] for item in home["unanswered_escalations"]["items"]} == {raised["reference"]}
    assert {item["person_id"] for item in home["due_soon"]["items"]} >= {"P2"}
    (seen,) = await office.rows("SELECT * FROM chassis.audit_entry WHERE caller = 'chair-1' AND action = 'get_home'")
    assert (sorted(seen["person_ids"]), seen["roles"], seen["record"]) == (["P1", "P2"], ["chair"], "home")


async def test_a_chair_sees_what_conferences_ask_of_them(
    gateway: httpx.AsyncClient, conferences: ConferencesDesk
) -> None:
    await conferences.registered("P1", "P2", "P3")
    await conferences.enquired("P1", on=working_days_ago(30))
    await conferences.enquired("P2", "P3")
    waiting = await conferences.planned("P1", on=recent_working_day())
    held = await conferences.planned("P2")
    (doctor,) = await conferences.invited(held, GP)
    answer = await conferences.hold(held, attendance={doctor["id"]: "neither"})
    (proposed,) = await conferences.closed(answer.json())
    home = (await gateway.get("/v1/home", headers=await signed_in(gateway, "chair"))).json()
    assert home["missing"] == []
    assert ("P1", "conference") in {
        (item["person_id"], item["kind"]) for item in home["overdue_for_conferences"]["items"]
    }
    soon = {(item["person_id"], item["kind"]) for item in home["due_soon_for_conferences"]["items"]}
    assert soon >= {("P2", "core_group"), ("P2", "outline_plan")}
    assert [item["reference"] for item in home["planned_conferences"]["items"]] == [waiting["reference"]]
    assert [item["id"] for item in home["proposals"]["items"]] == [proposed["id"]]
    dismissed = await conferences.decided(held, proposed, because="The report had come by post.")
    assert dismissed[0]["state"] == "dismissed"
    home = (await gateway.get("/v1/home", headers=await signed_in(gateway, "chair"))).json()
    assert home["proposals"]["items"] == []


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
        internal_signing_key=keys.private_jwk("gateway"),
        services={"reviews": str(office.client.base_url), "escalations": "http://127.0.0.1:9"},
        development_sign_in=True,
        development_people={"chair": "chair-1"},
        log_level="error",
    )
    async with listening(web(settings)) as address, httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        home = (await client.get("/v1/home", headers=await signed_in(client, "chair"))).json()
    assert home["missing"] == ["conferences", "escalations"]
    assert home["unanswered_escalations"] is None
    assert home["overdue"]["items"]


async def test_each_service_is_asked_once_and_writes_one_entry(gateway: httpx.AsyncClient, desk: Desk) -> None:
    await desk.raised()
    await gateway.get("/v1/home", headers=await signed_in(gateway, "chair"))
    seen = await desk.rows("SELECT action, person_ids FROM chassis.audit_entry WHERE action LIKE 'get%'")
    assert seen == [{"action": "get_home", "person_ids": ["P100001", "P100002"]}]


async def test_a_team_manager_sees_their_area(gateway: httpx.AsyncClient, office: Office) -> None:
    await office.registered("P1", since=days_ago(60))
    await office.registered("P2", since=days_ago(60), area_id="south")
    manager = await signed_in(gateway, "team_manager")
    everywhere = (await gateway.get("/v1/home", headers=manager)).json()
    assert {item["person_id"] for item in everywhere["overdue_in_area"]["items"]} == {"P1", "P2"}
    assert "overdue" not in everywhere
    assert everywhere["overdue_for_conferences_in_area"] == {"items": [], "next": None}
    await office.rows(
        "INSERT INTO chassis.copy (kind, id, version, attributes) "
        "VALUES ('colleague', 'team_manager', 1, '{\"area_id\": \"north\"}')"
    )
    in_the_north = (await gateway.get("/v1/home", headers=manager)).json()
    assert {item["person_id"] for item in in_the_north["overdue_in_area"]["items"]} == {"P1"}


async def test_business_support_sees_what_waits_for_them(gateway: httpx.AsyncClient, office: Office) -> None:
    await office.registered("P1", since=days_ago(20))
    await office.registered("P2", since=days_ago(20), chair=None)
    review = await office.planned("P1", on=clock.today())
    home = (await gateway.get("/v1/home", headers=await signed_in(gateway, "business_support"))).json()
    assert [item["reference"] for item in home["reviews_without_invitations"]["items"]] == [review["reference"]]
    assert [item["person_id"] for item in home["children_without_chair"]["items"]] == ["P2"]
    assert home.keys() == {
        "children_without_chair",
        "reviews_without_invitations",
        "late_records",
        "conferences_without_invitations",
        "late_records_of_conferences",
        "undecided_proposals",
        "unanswered_escalations_in_area",
        "missing",
    }


async def test_a_restricted_child_is_on_nobodys_home_page_but_their_chairs(
    gateway: httpx.AsyncClient, office: Office
) -> None:
    await office.registered("P1", since=days_ago(60), chair="chair-2", restricted=True)
    await office.registered("P2", since=days_ago(60), chair=None, restricted=True)
    support = (await gateway.get("/v1/home", headers=await signed_in(gateway, "business_support"))).json()
    assert support["children_without_chair"]["items"] == []
    manager = (await gateway.get("/v1/home", headers=await signed_in(gateway, "team_manager"))).json()
    assert {item["person_id"] for item in manager["overdue_in_area"]["items"]} == {"P1", "P2"}


@pytest.mark.parametrize("role", AT_HOME)
async def test_each_list_is_what_its_schema_says_and_only_those_of_the_role_are_there(
    gateway: httpx.AsyncClient, office: Office, desk: Desk, role: Role
) -> None:
    await office.registered("P1", since=days_ago(60))
    await desk.raised()
    home = (await gateway.get("/v1/home", headers=await signed_in(gateway, role))).json()
    assert home.pop("missing") == []
    fields = {
        name: (shape, field)
        for shape in (ReviewsHome, ConferencesHome, EscalationsHome)
        for name, field in shape.model_fields.items()
    }
    assert home.keys() == {
        name for name, (_, field) in fields.items() if role in cast("Any", field).json_schema_extra[ROLES]
    }
    for name, page in home.items():
        shape, _ = fields[name]
        shape.model_validate_json(json.dumps({name: page}), strict=True, extra="forbid")
