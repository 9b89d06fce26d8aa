"""What a person is shown when something is wrong: a page of ours that says what is so; programs get the document."""

import re

import httpx
import pytest

from tests.support.gateway.world import World
from tests.support.running import GatewayWith
from tests.support.serving import free_port
from tests.support.settings import COUNCIL, OF_THE_COUNCIL

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LATER = "Please try again in a few minutes."


def heading(page: httpx.Response) -> str:
    """What a page is about; it is one of ours."""
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers.get_list("content-security-policy") == [
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ]
    assert page.headers.get_list("referrer-policy") == ["same-origin"]
    assert page.headers.get_list("cache-control") == ["no-store"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert f"<strong>{COUNCIL.name}</strong>" in page.text
    assert f"Contact {COUNCIL.name}: {COUNCIL.contact}." in page.text
    assert f"quote {page.headers['x-request-id']}" in page.text
    (found,) = re.findall("<h1>(.*)</h1>", page.text)
    return str(found)


@pytest.fixture
async def client(gateway_with: GatewayWith, world: World) -> httpx.AsyncClient:
    down = world.services | {"conferences": f"http://127.0.0.1:{free_port()}"}
    return await gateway_with(services=down, **OF_THE_COUNCIL)


@pytest.mark.parametrize(
    ("method", "path", "status", "title", "later"),
    [
        ("GET", "/anwser/secret", 404, "There is no page at this address", False),
        ("GET", "/answer/not-found", 404, "There is no page at this address", False),
        ("GET", "/answer/forbidden", 403, "You cannot do this from here", False),
        ("GET", "/answer//secret", 400, "We could not read this address", False),
        ("DELETE", "/docs", 405, "This page cannot be opened like that", False),
        ("TRACE", "/answer/secret", 405, "This page cannot be opened like that", False),
        ("GET", "/v1/escalations", 401, "You need to sign in to see this", False),
        ("GET", "/answer/busy", 429, "Please wait a moment", False),
        ("POST", "/answer/large", 413, "This is longer than we can take", False),
        ("GET", "/answer/invalid", 422, "We could not use what was sent", False),
        ("GET", "/answer/fault", 500, "Sorry, something went wrong on our side", True),
        ("GET", "/contribution/secret", 503, "Sorry, this page is not available at the moment", True),
    ],
)
async def test_a_page_says_what_is_so_and_what_to_do(
    client: httpx.AsyncClient, world: World, method: str, path: str, status: int, title: str, later: bool
) -> None:
    names = {"not-found": 404, "forbidden": 403, "busy": 429, "invalid": 422, "fault": 500}
    for name, said in names.items():
        document = {"type": "about:blank", "title": name, "status": said, "detail": "For programs."}
        world.escalations.answers[f"/answer/{name}"] = (said, document)
    content = b"x" * 20_000 if method == "POST" else None
    page = await client.request(method, path, content=content, headers=BROWSER)
    assert page.status_code == status
    assert heading(page) == title
    assert (LATER in page.text) == later
    assert "For programs" not in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html;q=0.5", ""])
async def test_a_program_gets_the_document(client: httpx.AsyncClient, accept: str) -> None:
    for path, problem in (
        ("/anwser", "not-found"),
        ("/contribution/secret", "service-down"),
        ("/v1/me", "not-signed-in"),
    ):
        answer = await client.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == f"/problems/{problem}"


async def test_what_else_a_document_says_in_its_headers_the_page_says_too(client: httpx.AsyncClient) -> None:
    page = await client.get("/contribution/secret", headers=BROWSER)
    assert int(page.headers["retry-after"]) > 0
    assert (await client.get("/v1/me", headers=BROWSER)).headers["www-authenticate"] == "Bearer"
    head = await client.head("/contribution/secret", headers=BROWSER)
    assert (head.status_code, head.content) == (503, b"")


async def test_the_stylesheet_is_the_gateways_own(client: httpx.AsyncClient) -> None:
    page = await client.get("/contribution/secret", headers=BROWSER)
    (style,) = re.findall('rel="stylesheet" href="(.*)"', page.text)
    assert (await client.get(style)).headers["content-type"].startswith("text/css")
