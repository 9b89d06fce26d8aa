"""What a person is shown where something is wrong, by the gateway and by nginx."""

import re
from collections.abc import AsyncIterator, Mapping

import pytest
from playwright.async_api import Browser, Page, Route
from structlog.contextvars import bind_contextvars

from chassis.web.pages import STYLE
from gateway.error_pages import WORDS, error_page
from tests.support.browser import Window, faults, fits, pictured
from tests.support.nginx import CONFIGURATION
from tests.support.settings import COUNCIL

ADDRESS = "http://pages.example"


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    window = Window(browser, ADDRESS)
    yield await window.page(scripts=True)
    await window.close()


async def show(page: Page, body: str, headers: Mapping[str, str]) -> None:
    """Open an address that is answered so; the stylesheet is the gateway's."""

    async def answered(route: Route) -> None:
        if route.request.url.endswith("/style.css"):
            await route.fulfill(path=STYLE, content_type="text/css")
        else:
            await route.fulfill(body=body, headers=dict(headers))

    await page.route(f"{ADDRESS}/**", answered)
    await page.goto(f"{ADDRESS}/answer/secret")
    assert (
        await page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor") == "rgb(27, 58, 75)"
    )
    assert await faults(page) == []
    assert await fits(page)


@pytest.mark.parametrize("status", [*sorted(WORDS), 500])
async def test_axe_finds_nothing_on_the_gateways_pages(page: Page, status: int) -> None:
    bind_contextvars(request_id="01a22dd7-ea4f-73ce-9e7c-993c3a3c0ec3")
    answer = error_page(status, COUNCIL, [])
    await show(page, bytes(answer.body).decode(), answer.headers)
    await pictured(page, f"error, {status}")


async def test_axe_finds_nothing_on_the_page_of_nginx(page: Page) -> None:
    written = CONFIGURATION.read_text()
    (html,) = re.findall(r"return 200 '(<!doctype html>.*)';", written)
    (policy,) = re.findall(r'Content-Security-Policy "(.*)" always;', written)
    for word in ("heading", "advice"):
        (words,) = re.findall(rf"map \$status \${word} {{[^}}]* 429 '(.*?)';", written, re.DOTALL)
        html = html.replace(f"${word}", words)
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    await show(page, html, headers)
    await pictured(page, "error, nginx")
