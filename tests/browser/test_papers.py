"""From the link to a paper, by a code, to the paper itself, in a real browser."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize

from chassis.base import clock
from tests.support.browser import PHONE, Window, press, sound
from tests.support.conferences.desk import DIRECTORY, Desk
from tests.support.conferences.giving import NAME, Held, hold_with_record
from tests.support.directory import directory
from tests.support.links import another, issued, sent
from tests.support.running import Running
from tests.support.settings import OF_THE_COUNCIL


@dataclass
class Doctor:
    """A doctor who was given the record of a conference, and their browser."""

    held: Held
    window: Window
    link: str

    async def opened(self, size: ViewportSize | None) -> Page:
        """The page behind the link of the email."""
        page = await self.window.page(size, scripts=True)
        await page.goto(self.link)
        return page


@pytest.fixture
async def doctor(running: Running, browser: Browser) -> AsyncIterator[Doctor]:
    async with directory() as names:
        desk = Desk(await running("conferences", log_level="error", notifications_url=names, **OF_THE_COUNCIL))
        await desk.rows(DIRECTORY)
        held = await hold_with_record(desk)
        await held.complete()
        window = Window(browser, str(desk.client.base_url).rstrip("/"))
        path = (await sent(desk.client, await held.given()))["path"]
        yield Doctor(held, window, f"{window.own}{path}")
        await window.close()


async def heading(page: Page) -> str:
    """What the page is about."""
    return await page.get_by_role("heading", level=1).inner_text()


async def lines_of(place: Locator) -> int:
    """On how many lines the words of a place stand."""
    await place.select_text()
    return int(await place.evaluate("() => getSelection().getRangeAt(0).getClientRects().length"))


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "screen"])
async def test_axe_finds_nothing_on_the_way_to_a_paper(doctor: Doctor, size: ViewportSize | None) -> None:
    client, reference = doctor.held.desk.client, doctor.held.conference["reference"]
    page = await doctor.opened(size)
    assert await heading(page) == f"Record of {reference}"
    await sound(page, "paper, before the code")
    await press(page.get_by_role("button", name="Send me a code"))
    assert await heading(page) == "Enter your code"
    await sound(page, "paper, enter the code")
    await page.get_by_label("Code").fill(another((await issued(client))["code"]))
    await press(page.get_by_role("button", name="Continue"))
    assert "That code does not work" in await page.get_by_role("alert").inner_text()
    await sound(page, "paper, wrong code")
    await press(page.get_by_role("button", name="Send a new code"))
    await page.get_by_label("Code").fill((await issued(client))["code"])
    await press(page.get_by_role("button", name="Continue"))
    await sound(page, "paper, after the code")
    pdf = await page.get_by_role("link", name="Open it as PDF").get_attribute("href")
    assert (await (await page.request.get(f"{doctor.window.own}{pdf}")).body()).startswith(b"%PDF")
    await press(page.get_by_role("link", name="Read it as a web page"))
    assert NAME in await page.locator("main").inner_text()
    await sound(page, "paper, the record")
    assert await lines_of(page.get_by_role("columnheader", name="Attendance")) == 1, "it is not broken within the word"
    for table in await page.locator(".wide").all():
        assert await table.evaluate("table => table.scrollWidth <= table.clientWidth"), "nothing is cut off"


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "screen"])
async def test_axe_finds_nothing_on_the_page_of_a_link_that_expired(doctor: Doctor, size: ViewportSize | None) -> None:
    with clock.shifted(timedelta(days=61)):
        page = await doctor.opened(size)
        assert await heading(page) == "This link has expired"
        await sound(page, "paper, expired link")
        await press(page.get_by_role("button", name="Send me a new link"))
        assert await heading(page) == "Please look in your inbox"
        await sound(page, "paper, new link")


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "screen"])
async def test_axe_finds_nothing_on_the_page_of_a_link_that_was_stopped(
    doctor: Doctor, size: ViewportSize | None
) -> None:
    (link,) = await doctor.held.desk.get(doctor.held.path)
    assert (await doctor.held.desk.ask("POST", f"/v1/conferences/papers/{link['id']}/revoke")).status_code == 204
    page = await doctor.opened(size)
    assert await heading(page) == "This link was stopped"
    await sound(page, "paper, stopped link")
