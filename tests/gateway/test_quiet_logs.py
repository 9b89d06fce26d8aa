"""What the gateway logs and counts of a request holds nothing by which a child, a colleague or a link is known."""

import httpx
import pytest

from tests.support.gateway.world import World
from tests.support.logs import forget_loggers
from tests.support.running import GatewayWith

PLANTED = {
    "path": "PLANTEDPERSON1",
    "query": "plantedqueryvalue",
    "body": "Plantedchild in a body",
    "link": "plantedlinksecretplantedlinksecretplantedli",
    "header": "plantedheadervalue",
    "subject": "planted-colleague",
    "token": "plantedtokenplanted",
    "proof": "plantedproofofasystem",
    "cookie": "plantedcookie",
}


async def test_nothing_of_a_request_but_its_route_is_logged_or_counted(
    gateway_with: GatewayWith, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    forget_loggers()
    down = world.services | {"notifications": "http://127.0.0.1:9"}
    client = await gateway_with(log_level="debug", services=down)
    known = world.sign_in.as_("Chairs", subject=PLANTED["subject"])
    headers = {"X-Planted": PLANTED["header"], "Cookie": f"answer={PLANTED['cookie']}"}
    query, body = {"person_id": PLANTED["query"]}, PLANTED["body"]
    wrong = {"Authorization": f"Bearer {PLANTED['token']}"}
    path, unsound = f"/v1/escalations/{PLANTED['path']}", f"/v1/escalations//{PLANTED['path']}"

    async def status(method: str, path: str, more: dict[str, str]) -> int:
        answer: httpx.Response = await client.request(method, path, params=query, content=body, headers=headers | more)
        return answer.status_code

    answered = [
        await status("POST", path, known),
        await status("POST", path, wrong),
        await status("POST", unsound, known),
        await status("POST", f"/v1/messages/{PLANTED['path']}", known),
        await status("POST", f"/{PLANTED['path']}", known),
        await status("GET", f"/answer/{PLANTED['link']}", {}),
        await status("POST", "/callbacks/notify", {"Authorization": f"Bearer {PLANTED['proof']}"}),
    ]
    assert answered == [201, 401, 400, 503, 404, 201, 503]
    figures = (await client.get("/metrics")).text
    written = "".join(capfd.readouterr())
    forget_loggers()
    assert written.count("request_answered") >= len(answered), "a log that was not captured holds no secret either"
    assert "/v1/escalations/…" in figures
    said = (written + figures).lower()
    assert [name for name, secret in PLANTED.items() if secret.lower() in said] == []
