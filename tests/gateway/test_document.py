"""The API's document, and its page, which asks nobody outside for anything."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser

from deploy.documents import API
from deploy.merged_document import Clash, Document, merge, operations
from tests.support.waiting import PATIENCE


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _check_sound(document: Document) -> None:
    for reference in set(_references(document)):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, f"{reference} leads nowhere."
            found = found[part]
    names = Counter(operation["operationId"] for _, _, operation in operations(document))
    assert [name for name, count in names.items() if count > 1] == []
    schemes = document["components"]["securitySchemes"].keys()
    for _, _, operation in operations(document):
        assert all(requirement.keys() <= schemes for requirement in operation.get("security", ()))


async def test_one_document_for_everything(gateway: httpx.AsyncClient) -> None:
    """What is served is the document that the checks keep: no service has to answer for it."""
    answer = await gateway.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert answer.text == API.place.read_text()
    _check_sound(document)
    operation = document["paths"]["/v1/escalations"]["get"]
    assert "chair" in operation["x-roles"]
    assert {"413", "429", "502", "503", "504"} <= operation["responses"].keys()
    assert document["paths"]["/v1/audit-entries"]["get"]["x-roles"] == ["administrator"]


def _document(name: str, schema: dict[str, Any], operation: str) -> Document:
    answer = {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Outer"}}}}
    outer = {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}}
    return {
        "info": {"version": "1"},
        "paths": {f"/v1/{name}": {"get": {"operationId": operation, "responses": {"200": answer}}}},
        "components": {"schemas": {"Outer": outer, "Inner": schema, "Unused": {}, "Problem": {}, "FieldError": {}}},
    }


def test_what_is_the_same_becomes_one_and_what_only_shares_a_name_is_refused() -> None:
    own = {"info": {"version": "1"}, "paths": {}, "components": {"schemas": {"Problem": {}, "FieldError": {}}}}
    first = _document("escalations", {"type": "string"}, "list_all")
    same = merge(own, {"escalations": first, "notifications": _document("messages", {"type": "string"}, "list_other")})
    assert set(same["components"]["schemas"]) == {"Outer", "Inner", "Problem", "FieldError"}
    with pytest.raises(Clash, match="its own Inner"):
        merge(own, {"escalations": first, "notifications": _document("messages", {"type": "integer"}, "list_other")})
    with pytest.raises(Clash, match="its own operation list_all"):
        merge(own, {"escalations": first, "notifications": _document("messages", {"type": "string"}, "list_all")})


async def test_the_front_leads_to_the_page(gateway: httpx.AsyncClient) -> None:
    """Whoever opens the gateway in a browser reads what it can do."""
    front = await gateway.get("/")
    assert (front.status_code, front.headers["location"]) == (307, "/docs")
    page = await gateway.get("/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert all(link.startswith("/") for link in links)
    for link in links:
        assert (await gateway.get(link)).status_code == 200
    policy = page.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "script-src 'self';" in policy[0]
    for name, status in (("redoc.standalone.js", 404), ("consts.py", 404), ("..%5c..", 400)):
        assert (await gateway.get(f"/docs/static/{name}")).status_code == status


async def test_the_page_works_in_a_browser(gateway: httpx.AsyncClient, browser: Browser) -> None:
    """It shows the operations, asks this gateway alone, and breaks no rule of its own policy."""
    base = str(gateway.base_url).rstrip("/")
    asked: list[str] = []
    complaints: list[str] = []
    page = await browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{base}/docs")
    await page.get_by_text("/v1/good-practice").first.wait_for(timeout=1000 * PATIENCE)
    await page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
