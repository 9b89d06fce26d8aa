"""The gateway with a sign-in server that others wrote: found by discovery, its tokens accepted."""

import asyncio
import base64
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chassis.access.callers import Role
from gateway.settings import Issuer
from tests.support.running import GatewayWith
from tests.support.waiting import PATIENCE

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "deploy" / "node"
NODE = shutil.which("node")
AUDIENCE = "urn:independent-chairs"
CLIENT_SECRET = secrets.token_urlsafe(24)
PEOPLE = {"chair-1": ["IndependentChair", "Staff"], "visitor-1": ["Staff"]}
SIGNED_IN = "http://127.0.0.1/signed-in"

pytestmark = pytest.mark.skipif(
    NODE is None or not (INSTALLED / "node_modules" / "oidc-provider").exists(),
    reason="oidc-provider is not there: install node and run `npm ci` in deploy/node; sign-in was NOT tried with it.",
)


@pytest.fixture
async def provider() -> AsyncIterator[str]:
    """The server's address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        str(NODE),
        str(HERE / "oidc_provider.mjs"),
        str(INSTALLED),
        str(port),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"CLIENT_SECRET": CLIENT_SECRET, "PEOPLE": json.dumps(PEOPLE)},
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while line := await process.stdout.readline():
            if line.strip() == b"listening":
                break
    yield f"http://127.0.0.1:{port}"
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def test_its_tokens_let_a_machine_in(provider: str, gateway_with: GatewayWith) -> None:
    """For this API's audience; a token for another one is refused."""
    issuer = Issuer(issuer=provider, audiences=[AUDIENCE], machines={"reporting": [Role.CHAIR]})
    client = await gateway_with(issuers=[issuer])
    statuses = {}
    async with httpx.AsyncClient(timeout=PATIENCE) as outside:
        token_endpoint = (await outside.get(issuer.discovery)).json()["token_endpoint"]
        for audience in (AUDIENCE, "urn:another-api"):
            form = {"grant_type": "client_credentials", "resource": audience, "scope": "api"}
            granted = await outside.post(token_endpoint, data=form, auth=("reporting", CLIENT_SECRET))
            headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
            answer = await client.get("/v1/escalations/records", headers=headers)
            statuses[audience] = (answer.status_code, answer.json())
    assert statuses[AUDIENCE] == (200, [{"name": "reporting"}])
    assert statuses["urn:another-api"][0] == 401


async def signed_in(provider: str, person: str) -> str:
    """The access token that a front end gets for somebody who signs in: authorisation code with PKCE."""
    verifier = secrets.token_urlsafe(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    client = {"client_id": "front-end", "redirect_uri": SIGNED_IN, "resource": AUDIENCE}
    wanted = {"response_type": "code", "scope": "openid api", "state": "s-1", "code_challenge": digest}
    async with httpx.AsyncClient(base_url=provider, timeout=PATIENCE) as browser:
        found = (await browser.get(f"{provider}/.well-known/openid-configuration")).json()
        page = await browser.get(
            found["authorization_endpoint"], params=client | wanted | {"code_challenge_method": "S256"}
        )
        while not page.headers.get("location", "").startswith(SIGNED_IN):
            if page.has_redirect_location:
                page = await browser.get(page.headers["location"])
                continue
            # A page of its own: first who it is, then that the front end may know.
            (action,), (prompt,) = (
                re.findall(rf'{name}="([^"]+)"', page.text) for name in ("action", 'name="prompt" value')
            )
            page = await browser.post(action, data={"prompt": prompt, "login": person, "password": "any"})
        back = httpx.URL(page.headers["location"]).params
        assert back["state"] == "s-1"
        form = client | {"grant_type": "authorization_code", "code": back["code"]}
        granted = await browser.post(found["token_endpoint"], data=form | {"code_verifier": verifier})
    return str(granted.json()["access_token"])


@pytest.mark.parametrize(("person", "status"), [("chair-1", 200), ("visitor-1", 403)])
async def test_a_person_signs_in_by_code_and_proof_and_may_what_their_roles_say(
    provider: str, gateway_with: GatewayWith, person: str, status: int
) -> None:
    roles = {"IndependentChair": [Role.CHAIR]}
    client = await gateway_with(issuers=[Issuer(issuer=provider, audiences=[AUDIENCE], roles=roles)])
    headers = {"Authorization": f"Bearer {await signed_in(provider, person)}"}
    answer = await client.get("/v1/escalations/records", headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == [{"name": person}]
