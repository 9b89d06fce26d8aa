"""What a front end asks first: who is signed in, which day it is, the words for people, and what a problem means."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import is_working_day
from deploy.merged_document import operations
from gateway.document import document
from tests.support.gateway.world import ROLES, World
from tests.support.running import GatewayWith
from tests.support.serving import listening

COLLEAGUE = {"id": "ada", "name": "Ada Planted", "positions": ["chair"], "area_id": "north", "version": 1}
GROUPS = ROLES | {"Officers": [Role.LIAISON_OFFICER]}


def directory() -> FastAPI:
    """A directory that knows one colleague."""
    app = FastAPI()

    @app.get("/v1/colleagues/{colleague_id}")
    async def get_colleague(colleague_id: str) -> dict[str, Any]:
        if colleague_id != "ada":
            raise HTTPException(404)
        return COLLEAGUE

    return app


@pytest.fixture
async def asked(gateway_with: GatewayWith, world: World) -> Any:
    """Ask a gateway before that directory who one is."""

    async def ask(group: str, subject: str, *, down: bool = False) -> dict[str, Any]:
        async with listening(directory()) as address:
            services = {"notifications": "http://127.0.0.1:9" if down else address}
            client = await gateway_with(services=services, issuers=[world.issuer(roles=GROUPS)])
            answer = await client.get("/v1/me", headers=world.sign_in.as_(group, subject=subject))
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

    return ask


async def test_a_colleague_learns_who_they_are_what_they_may_and_which_day_it_is(asked: Any) -> None:
    me = await asked("Chairs", "ada")
    assert (me["subject"], me["roles"], me["colleague"], me["missing"]) == ("ada", ["chair"], COLLEAGUE, [])
    assert me["today"] == clock.today().isoformat()
    assert (me["time_zone"], me["working_day"]) == ("Europe/London", is_working_day(clock.today()))
    assert me["now"].endswith("Z")
    assert abs(datetime.fromisoformat(me["now"]) - clock.now()).total_seconds() < 60


@pytest.mark.parametrize(("group", "role"), [("Chairs", "chair"), ("Administrators", "administrator")])
async def test_what_one_may_is_what_the_document_says(asked: Any, group: str, role: str) -> None:
    described = [operation for _, _, operation in operations(document()) if role in operation["x-roles"]]
    assert (await asked(group, "ada"))["may"] == sorted(operation["operationId"] for operation in described)


async def test_who_is_not_in_the_directory_is_still_answered(asked: Any) -> None:
    me = await asked("Chairs", "nobody")
    assert (me["subject"], me["colleague"], me["missing"]) == ("nobody", None, [])


async def test_without_the_directory_the_rest_is_answered(asked: Any) -> None:
    me = await asked("Chairs", "ada", down=True)
    assert (me["colleague"], me["missing"]) == (None, ["notifications"])
    assert "list_reviews" in me["may"]


async def test_who_may_not_read_the_directory_is_not_refused_there(asked: Any) -> None:
    me = await asked("Officers", "ada", down=True)
    assert (me["colleague"], me["missing"]) == (None, [])


async def test_every_enum_has_a_word_for_each_value(gateway: httpx.AsyncClient, world: World) -> None:
    found = (await gateway.get("/v1/vocabulary", headers=world.sign_in.as_("Chairs"))).json()
    schemas = document()["components"]["schemas"]
    assert {name: [word["value"] for word in words["values"]] for name, words in found.items()} == {
        name: schema["enum"] for name, schema in schemas.items() if "enum" in schema
    }
    assert all(word["label"] for words in found.values() for word in words["values"])
    status = found["LegalStatus"]
    assert status["national_return"] == "SSDA903"
    assert {"value": "C2", "label": "Full care order", "code": "C2"} in status["values"]
    assert found["EscalationTheme"]["national_return"] is None


async def test_the_vocabulary_is_sent_once(gateway: httpx.AsyncClient, world: World) -> None:
    headers = world.sign_in.as_("Chairs")
    tag = (await gateway.get("/v1/vocabulary", headers=headers)).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = await gateway.get("/v1/vocabulary", headers=headers | {"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert (await gateway.get("/v1/vocabulary", headers=headers | {"If-None-Match": '"other"'})).status_code == 200
    assert (await gateway.get("/v1/vocabulary")).status_code == 401


async def test_the_type_of_every_problem_opens_a_page(gateway: httpx.AsyncClient) -> None:
    listed = document()["x-problems"]
    assert {"/problems/version-stale", "/problems/review-not-open", "/problems/service-down"} <= {
        problem["type"] for problem in listed
    }
    for problem in listed:
        page = await gateway.get(problem["type"])
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), problem
        assert problem["type"] in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await gateway.get("/problems/nothing-of-ours")).status_code == 404
    assert (await gateway.get("/problems/style.css")).headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/v1/me", "/problems/not-found", "/v1/escalations/1"])
async def test_head_is_answered_wherever_get_is(gateway: httpx.AsyncClient, world: World, path: str) -> None:
    headers = world.sign_in.as_("Chairs")
    got = await gateway.get(path, headers=headers)
    answer = await gateway.head(path, headers=headers)
    assert (answer.status_code, answer.content) == (got.status_code, b"")
    assert answer.headers["content-type"] == got.headers["content-type"]
