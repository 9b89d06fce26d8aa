"""One search over what five services know."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from gateway.app import web
from gateway.settings import GatewaySettings
from tests.support import keys
from tests.support.children.desk import DIRECTORY as CHILDREN_DIRECTORY
from tests.support.children.desk import Desk as ChildrenDesk
from tests.support.children.desk import Others
from tests.support.escalations.desk import Desk
from tests.support.gateway.signing_in import signed_in
from tests.support.running import Running
from tests.support.serving import listening
from tests.support.waiting import PATIENCE

PERSON = {"name": "Merrin Planted", "email": "m@example.org", "positions": ["chair"], "starts_on": "2018-01-01"}


@pytest.fixture
async def searching(running: Running, desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway before children, escalations and a directory; reviews and conferences are down."""
    children = ChildrenDesk(await running("children", reviews_url="", conferences_url=""), Others())
    await children.rows(CHILDREN_DIRECTORY)
    await children.sent("P1")
    await children.sent("P2", restricted=True)
    directory = await running("notifications")
    for path, body in {"colleagues/chair-9": PERSON, "agencies/merrins": {"name": "Merrin's", "roles": ["gp"]}}.items():
        sent = await directory.put(f"/v1/{path}", json=body, headers=directory.as_(Role.ADMINISTRATOR))
        assert sent.status_code == 201, sent.text
    await desk.raised()
    addresses = {
        "children": str(children.client.base_url),
        "escalations": str(desk.client.base_url),
        "notifications": str(directory.base_url),
    }
    settings = GatewaySettings(
        environment="development",
        internal_signing_key=keys.private_jwk("gateway"),
        services=addresses,
        development_sign_in=True,
        log_level="error",
    )
    async with (
        listening(web(settings)) as address,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE, verify=False) as client,
    ):
        yield client


async def found(client: httpx.AsyncClient, q: str, role: str = "chair") -> dict[str, Any]:
    answer = await client.get("/v1/search", params={"q": q}, headers=await signed_in(client, role))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_name_finds_children_people_and_agencies(searching: httpx.AsyncClient) -> None:
    seen = await found(searching, "merrin")
    assert [child["person_id"] for child in seen["children"]] == ["P1"]
    assert [person["name"] for person in seen["people"]] == ["Merrin Planted"]
    assert [agency["name"] for agency in seen["agencies"]] == ["Merrin's"]
    assert (seen["meetings"], seen["escalations"], seen["missing"]) == ([], [], [])
    managers = await found(searching, "Merin Invnted", "team_manager")
    assert [child["person_id"] for child in managers["children"]] == ["P1", "P2"]


async def test_a_reference_finds_what_has_it_and_names_who_did_not_answer(
    searching: httpx.AsyncClient, desk: Desk
) -> None:
    (raised,) = await desk.rows("SELECT reference FROM escalation")
    seen = await found(searching, raised["reference"].lower())
    assert [(one["kind"], one["reference"]) for one in seen["escalations"]] == [("escalation", raised["reference"])]
    assert seen["missing"] == []
    anywhere = await found(searching, raised["reference"].removeprefix("ESC-"))
    assert [one["reference"] for one in anywhere["escalations"]] == [raised["reference"]]
    assert anywhere["missing"] == ["conferences", "reviews"] and anywhere["children"] == []
