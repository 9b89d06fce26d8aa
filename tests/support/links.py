"""A browser of a test that has opened links: where their pages are, and what their forms carry."""

import re

import httpx


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
