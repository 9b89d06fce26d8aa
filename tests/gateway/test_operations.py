"""What ops see of the gateway, and nobody else."""

from datetime import timedelta
from typing import Any, cast

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from chassis.base import clock
from chassis.base.settings import DevelopmentSettingsInProduction
from gateway.app import read_settings
from gateway.headers import behind_proxies, caller_address
from gateway.settings import GatewaySettings
from tests.support.gateway.world import World, header_of
from tests.support.running import GatewayWith


async def test_health_says_which_services_are_ready(gateway_with: GatewayWith, world: World) -> None:
    """One that is down does not take the gateway, and with it the others, out of service."""
    client = await gateway_with(services=world.services | {"notifications": "http://127.0.0.1:9"})
    assert (await client.get("/health/live")).json() == {"status": "live"}
    ready = await client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "services": {"escalations": True, "notifications": False}}


async def test_metrics_know_routes_and_no_paths(gateway: httpx.AsyncClient, world: World) -> None:
    """Counted by template: a link's secret or a child's number never becomes a label."""
    await gateway.get("/v1/escalations/secret-number", headers=world.sign_in.as_("Chairs"))
    await gateway.get("/answer/secret-number")
    await gateway.get("/docs")
    await gateway.get("/secret-number")
    figures = (await gateway.get("/metrics")).text
    for route, status in (("/v1/escalations/…", 201), ("/answer/…", 201), ("/docs", 200), ("unknown", 404)):
        labels = f'method="GET",route="{route}",service="gateway",status="{status}"'
        assert f"http_request_duration_seconds_count{{{labels}}}" in figures
    assert "gateway_service_broken" in figures
    assert "secret-number" not in figures


async def test_others_do_not_see_them(gateway_with: GatewayWith) -> None:
    """From outside the networks of ops there is nothing at these addresses."""
    client = await gateway_with(operations_networks=["10.0.0.0/8"])
    for path in ("/metrics", "/health/live", "/health/ready"):
        assert (await client.get(path)).status_code == 404


async def test_a_trusted_proxys_word_on_the_address_counts(gateway_with: GatewayWith, world: World) -> None:
    """And so what it passes on from outside cannot see them either."""
    client = await gateway_with(trusted_proxies=["127.0.0.0/8"])
    outside = {"X-Forwarded-For": "10.0.0.1, 192.0.2.7"}
    assert (await client.get("/metrics", headers=outside)).status_code == 404
    echoed = (await client.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs") | outside)).json()
    assert header_of(echoed, "x-forwarded-for") == ["192.0.2.7"]


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("198.51.100.1", "10.0.0.1", "198.51.100.1"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.5", "1.1.1.1, 192.0.2.7, 10.0.0.6", "192.0.2.7"),
        ("10.0.0.5", "1.1.1.1, nonsense, 10.0.0.6", "nonsense"),
        ("10.0.0.5", "1.1.1.1, 203.0.113.7:4711, 10.0.0.6:80", "203.0.113.7"),
        ("10.0.0.5", "1.1.1.1, [2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.5", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.5", "2001:DB8::1", "2001:db8::1"),
        ("::ffff:10.0.0.5", "::ffff:192.0.2.7", "192.0.2.7"),
        ("10.0.0.5", "203.0.113.7:port:more", "203.0.113.7:port:more"),
    ],
)
async def test_the_address_is_read_from_the_right(peer: str, said: str, address: str) -> None:
    """Only what our own proxies wrote is believed."""
    networks = GatewaySettings.model_validate({"trusted_proxies": ["10.0.0.0/8"]}).trusted_proxies
    found = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(caller_address(scope))

    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", said.encode())]}
    await behind_proxies(app, networks)(scope, cast("Any", None), cast("Any", None))
    assert found == [address]


async def test_a_web_socket_is_turned_away(gateway: httpx.AsyncClient) -> None:
    """There are none here, and none reaches a service."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "YQ==",
    }
    assert (await gateway.get("/v1/escalations/1", headers=upgrade)).status_code in {400, 401, 403}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Production needs its own, and takes none of development's."""
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("ISSUERS", '[{"issuer": "http://sign-in", "audiences": ["x"], "roles": {"Chairs": ["chair"]}}]')
    monkeypatch.setenv("DEVELOPMENT_SIGN_IN", "true")
    settings = read_settings()
    assert (settings.service_name, settings.issuers[0].discovery) == (
        "gateway",
        "http://sign-in/.well-known/openid-configuration",
    )
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(DevelopmentSettingsInProduction) as refused:
        read_settings()
    for name in ("DEVELOPMENT_SIGN_IN", "ISSUERS", "INTERNAL_SIGNING_KEY"):
        assert name in str(refused.value)


async def test_the_gateway_goes_by_the_councils_clock_as_the_services_do(
    world: World, gateway_with: GatewayWith
) -> None:
    offset = clock.now() - clock.machine_now()
    try:
        await gateway_with(clock_offset_seconds=-86_400 * 2000)
        assert clock.today() < clock.london_day(clock.machine_now()) - timedelta(days=1990)
    finally:
        clock.shift(offset)
