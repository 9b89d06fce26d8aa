"""What browsers are told: how to treat answers, and which front ends may call."""

import httpx
import pytest

from tests.support.gateway.world import World
from tests.support.running import GatewayWith

ORIGIN = "https://front.example"
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "if-match"}
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", ["/v1/escalations/1", "/v1/escalations/../1", "/nothing", "/answer/1", "/health/live"])
async def test_every_answer_says_how_to_treat_it(gateway: httpx.AsyncClient, world: World, path: str) -> None:
    """A service's, the door's and the own pages' alike, each header once."""
    for headers in (world.sign_in.as_("Chairs"), {}):
        answer = await gateway.get(path, headers=headers)
        assert {name: answer.headers.get_list(name) for name in ALWAYS} == {
            name: [value] for name, value in ALWAYS.items()
        }
        assert "strict-transport-security" not in answer.headers


async def test_https_stays_https(gateway_with: GatewayWith) -> None:
    """Where people reach the gateway by https, browsers are to use nothing else."""
    client = await gateway_with(public_url="https://chairs.example")
    answer = await client.get("/v1/escalations")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_named_front_end_may_call(gateway_with: GatewayWith, world: World) -> None:
    """It may ask beforehand without a token, and read every answer, a refusal too."""
    client = await gateway_with(allowed_origins=[ORIGIN])
    preflight = await client.options("/v1/escalations", headers=PREFLIGHT)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "If-Match" in preflight.headers["access-control-allow-headers"]
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in preflight.headers
    for headers in ({}, world.sign_in.as_("Chairs")):
        answer = await client.get("/v1/escalations/1", headers=headers | {"Origin": ORIGIN})
        assert answer.headers.get_list("access-control-allow-origin") == [ORIGIN]
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert answer.headers["vary"] == "Origin"


async def test_no_other_front_end_may(gateway_with: GatewayWith, gateway: httpx.AsyncClient, world: World) -> None:
    """Neither where others are named, nor where none is."""
    named = await gateway_with(allowed_origins=[ORIGIN])
    for client in (named, gateway):
        elsewhere = {"Origin": "https://evil.example"}
        refused = await client.options("/v1/escalations", headers=PREFLIGHT | elsewhere)
        assert refused.status_code == 400
        assert "access-control-allow-origin" not in refused.headers
        answer = await client.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs") | elsewhere)
        assert "access-control-allow-origin" not in answer.headers
