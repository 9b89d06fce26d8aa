"""The development sign-in: a token for any role, and never in production."""

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base.settings import DevelopmentSettingsInProduction
from gateway.app import web
from gateway.development import NotInProduction
from tests.support.gateway.world import World
from tests.support.running import GatewayWith

PATH = "/development/sign-in"


async def test_anybody_can_be_anybody(gateway_with: GatewayWith) -> None:
    """A link for each role; its token lets one in as the person of the settings."""
    client = await gateway_with(development_sign_in=True, development_people={"chair": "ada"}, issuers=[])
    page = await client.get(PATH)
    assert all(f'href="{PATH}/{role}"' in page.text for role in Role if role is not Role.SERVICE)
    granted = (await client.get(f"{PATH}/chair")).json()
    assert granted.keys() == {"access_token", "token_type", "expires_in", "subject", "role"}
    assert (granted["token_type"], granted["subject"], granted["role"]) == ("Bearer", "ada", "chair")
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert (await client.get("/v1/escalations/records", headers=headers)).json() == [{"name": "ada"}]


async def test_a_browser_is_given_a_page(gateway_with: GatewayWith) -> None:
    """With the token, a line for the shell and the way to the document."""
    client = await gateway_with(development_sign_in=True)
    accept = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = await client.get(f"{PATH}/administrator", headers=accept)
    assert page.headers["content-type"].startswith("text/html")
    assert "curl -H 'Authorization: Bearer ey" in page.text
    assert 'href="/docs"' in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_nobody_can_be_a_service(gateway_with: GatewayWith) -> None:
    """Services have keys of their own."""
    client = await gateway_with(development_sign_in=True)
    for name in ("service", "nobody"):
        assert (await client.get(f"{PATH}/{name}")).status_code == 404


async def test_a_token_is_good_in_the_process_that_made_it_alone(gateway_with: GatewayWith) -> None:
    """Every process has its own key."""
    first, second = await gateway_with(development_sign_in=True), await gateway_with(development_sign_in=True)
    token = (await first.get(f"{PATH}/chair")).json()["access_token"]
    answer = await second.get("/v1/escalations/records", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_without_the_setting_it_is_not_there(gateway: httpx.AsyncClient) -> None:
    """Neither the list nor a token."""
    for path in (PATH, f"{PATH}/chair"):
        assert (await gateway.get(path)).status_code == 404


def test_production_is_refused_it(world: World) -> None:
    """By the settings' own check, and by the gateway itself should that be forgotten."""
    settings = world.settings(environment="production", development_sign_in=True)
    with pytest.raises(DevelopmentSettingsInProduction, match="DEVELOPMENT_SIGN_IN"):
        settings.check_production()
    with pytest.raises(NotInProduction):
        web(settings)


async def test_a_link_of_an_email_opens_what_the_api_answers(gateway_with: GatewayWith) -> None:
    """As one role or another; a refusal is shown as well."""
    client = await gateway_with(development_sign_in=True, development_people={"chair": "ada"})
    page = await client.get("/development/escalations/records")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "GET /v1/escalations/records: 200" in page.text
    assert "&quot;name&quot;: &quot;ada&quot;" in page.text
    refused = await client.get("/development/escalations/records?role=administrator")
    assert "GET /v1/escalations/records: 403" in refused.text
    assert (await client.get("/development/escalations/records?role=nobody")).status_code == 422
    report = await client.get("/development/reports/REP-2020-0001?role=team_manager")
    for form in ("html", "pdf", "docx", "xlsx", "csv"):
        assert f'"/development/reports/REP-2020-0001/document.{form}?role=team_manager"' in report.text
    strange = await client.get("/development/%3Cscript%3E/%3Cb%3E")
    assert "<script>" not in strange.text
    assert "<b>" not in strange.text


async def test_without_the_sign_in_there_are_no_such_pages(gateway: httpx.AsyncClient) -> None:
    """Links lead to the front end."""
    assert (await gateway.get("/development/escalations/records")).status_code == 404
