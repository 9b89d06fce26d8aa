"""The gateway with a sign-in server that others wrote: found by discovery, its tokens accepted."""

import asyncio
import os
import secrets
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chassis.callers import Role
from gateway.settings import Issuer
from tests.gateway.conftest import GatewayWith

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "deploy" / "node"
NODE = shutil.which("node")
AUDIENCE = "urn:independent-chairs"
CLIENT_SECRET = secrets.token_urlsafe(24)

pytestmark = pytest.mark.skipif(
    NODE is None or not (INSTALLED / "node_modules" / "oidc-provider").exists(),
    reason="oidc-provider is not there: install node and run `npm ci` in deploy/node; sign-in was NOT tried with it.",
)


@pytest.fixture
async def provider() -> AsyncIterator[str]:
    """The server's address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        str(NODE),
        str(HERE / "oidc_provider.mjs"),
        str(INSTALLED),
        str(port),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"CLIENT_SECRET": CLIENT_SECRET},
    )
    assert process.stdout is not None
    async with asyncio.timeout(15):
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
    async with httpx.AsyncClient() as outside:
        token_endpoint = (await outside.get(issuer.discovery)).json()["token_endpoint"]
        for audience in (AUDIENCE, "urn:another-api"):
            form = {"grant_type": "client_credentials", "resource": audience, "scope": "api"}
            granted = await outside.post(token_endpoint, data=form, auth=("reporting", CLIENT_SECRET))
            headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
            answer = await client.get("/v1/escalations/records", headers=headers)
            statuses[audience] = (answer.status_code, answer.json())
    assert statuses[AUDIENCE] == (200, [{"name": "reporting"}])
    assert statuses["urn:another-api"][0] == 401
