"""A browser of a test that has opened links: where their pages are, and what their forms carry."""

import re
from typing import Any

import httpx

from tests.support.serving import Client


def address_of(browser: httpx.AsyncClient) -> str:
    """The address of the link that was opened last: its cookie is for that path."""
    return [str(cookie.path) for cookie in browser.cookies.jar][-1]


def seal_in(page: str) -> str:
    """What the forms of a page carry; nothing if it has none."""
    found = re.search(r'name="seal" value="([^"]+)"', page)
    return found[1] if found else ""


async def send_form(browser: httpx.AsyncClient, data: dict[str, str], **options: bool) -> httpx.Response:
    """Send the form of the link that was opened last, as its page shows it."""
    address = address_of(browser)
    seal = seal_in((await browser.get(address)).text)
    return await browser.post(address, data={"seal": seal} | data, **options)  # type: ignore[arg-type]


async def ask_for_code(browser: httpx.AsyncClient) -> httpx.Response:
    """Ask for a code on the page of the link that was opened last."""
    address = address_of(browser)
    seal = code_seal_in((await browser.get(address)).text)
    return await browser.post(f"{address}/code/send", data={"seal": seal})


def code_seal_in(page: str) -> str:
    """What the form carries that asks for a code."""
    found = re.search(r'code/send">\s*<input type="hidden" name="seal" value="([^"]+)"', page)
    return found[1] if found else ""


async def issued(service: Client, asked: int = -1) -> dict[str, Any]:
    """What the notifications service is answered for one of the codes that were asked for, the last by default."""
    rows = await service.process.database.statements.rows("SELECT id FROM chassis.link_code ORDER BY id")
    answer = await service.post(
        f"/internal/link-codes/{rows[asked]['id']}/issue", headers=service.as_service("notifications")
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def enter_code(browser: httpx.AsyncClient, code: str) -> httpx.Response:
    """Enter a code on its page."""
    address = address_of(browser)
    seal = seal_in((await browser.get(f"{address}/code")).text)
    return await browser.post(f"{address}/code", data={"seal": seal, "code": code})


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06}"


async def sent(service: Client, link: dict[str, Any]) -> dict[str, Any]:
    """What the notifications service is answered for a link."""
    headers = service.as_service("notifications")
    answer = await service.post(f"/internal/paper-links/{link['id']}/issue", headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def opened(service: Client, link: dict[str, Any]) -> str:
    """Open a link by a code, in the service's own browser; the address of its page."""
    answer = await service.get((await sent(service, link))["path"])
    assert answer.status_code == 303, answer.text
    await ask_for_code(service)
    assert (await enter_code(service, (await issued(service))["code"])).status_code == 303
    return str(answer.headers["location"])


async def read(browser: httpx.AsyncClient, address: str, form: str = "html") -> httpx.Response:
    """The paper behind a link's page."""
    return await browser.get(f"{address}/paper.{form}")
