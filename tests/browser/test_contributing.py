"""From a contribution link to its receipt, in a real browser, without JavaScript."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from tests.support.browser import PHONE, Window, press, sound
from tests.support.conferences.desk import DIRECTORY, Desk
from tests.support.conferences.invited import Invited, days_on, invite
from tests.support.links import issued
from tests.support.running import Running
from tests.support.settings import OF_THE_COUNCIL


@dataclass
class Room:
    """A health visitor with a link and a browser."""

    invited: Invited
    window: Window

    async def opened(self, size: ViewportSize | None = None, *, scripts: bool = False) -> Page:
        """The page, opened from a fresh link."""
        page = await self.window.page(size, scripts=scripts)
        link = await self.invited.link(self.invited.visitor)
        await page.goto(f"{self.window.own}{link['path']}")
        assert link["token"] not in page.url, "the token has left the address"
        return page


@asynccontextmanager
async def room_at(running: Running, browser: Browser, *, names: bool = False) -> AsyncIterator[Room]:
    """The room of a council that shows names behind a code, or does not."""
    desk = Desk(await running("conferences", log_level="error", names_on_invitations=names, **OF_THE_COUNCIL))
    await desk.rows(DIRECTORY)
    window = Window(browser, str(desk.client.base_url).rstrip("/"))
    yield Room(await invite(desk), window)
    await window.close()


@pytest.fixture
async def room(running: Running, browser: Browser) -> AsyncIterator[Room]:
    async with room_at(running, browser) as room:
        yield room


@pytest.fixture
async def naming_room(running: Running, browser: Browser) -> AsyncIterator[Room]:
    async with room_at(running, browser, names=True) as room:
        yield room


async def heading(page: Page) -> str:
    """What the page is about."""
    return await page.get_by_role("heading", level=1).inner_text()


async def test_saying_it_takes_three_actions_and_no_typing(room: Room) -> None:
    page = await room.opened(PHONE)
    assert await heading(page) == "Your contribution to a child protection conference"
    await page.get_by_label("Yes, it has been sent").check()
    await page.get_by_label("I will attend").check()
    await press(page.get_by_role("button", name="Tell the chair"))
    assert await heading(page) == "Thank you, the chair will know"
    row = await room.invited.row(room.invited.visitor)
    assert (row["report_received_on"], row["apologies_on"]) == (days_on(0), None)


async def test_a_keyboard_is_enough_and_saying_it_again_corrects_it(room: Room) -> None:
    page = await room.opened()
    for key in ("Tab", "Enter", "Tab", "ArrowDown"):
        await page.keyboard.press(key)
    assert await page.get_by_label("No, not yet").is_checked()
    await page.get_by_label("I cannot attend").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/receipt")
    assert "Your report is still expected" in await page.locator("main").inner_text()
    await press(page.get_by_role("link", name="Change what you said"))
    assert await page.get_by_label("I cannot attend").is_checked()
    await page.get_by_label("Yes, it has been sent").check()
    await page.get_by_label("on which day?").fill(days_on(-1).isoformat())
    await press(page.get_by_role("button", name="Tell the chair"))
    row = await room.invited.row(room.invited.visitor)
    assert (row["report_received_on"], row["apologies_on"]) == (days_on(-1), days_on(0))


async def test_an_error_leads_to_its_field_and_what_was_chosen_stays(room: Room) -> None:
    page = await room.opened()
    await page.get_by_label("Yes, it has been sent").check()
    await page.get_by_label("on which day?").fill(days_on(3).isoformat())
    await press(page.get_by_role("button", name="Tell the chair"))
    assert (await page.title()).startswith("Error: ")
    summary = page.get_by_role("alert")
    assert "Say whether you can attend" in await summary.inner_text()
    target = await summary.get_by_role("link").first.get_attribute("href")
    assert await page.locator(str(target)).get_attribute("type") == "radio"
    assert await page.get_by_label("Yes, it has been sent").is_checked()
    assert await page.get_by_label("on which day?").input_value() == days_on(3).isoformat()
    await page.get_by_label("I will attend").check()
    await press(page.get_by_role("button", name="Tell the chair"))
    assert "cannot be in the future" in await page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "screen"])
async def test_axe_finds_nothing_and_nothing_runs_off_the_page(room: Room, size: ViewportSize | None) -> None:
    page = await room.opened(size, scripts=True)
    await _sound(page, "Your contribution to a child protection conference")
    await press(page.get_by_role("button", name="Tell the chair"))
    await _sound(page, "Your contribution to a child protection conference", "with errors")
    await page.get_by_label("No, not yet").check()
    await page.get_by_label("I cannot attend").check()
    await press(page.get_by_role("button", name="Tell the chair"))
    await _sound(page, "Thank you, the chair will know")
    await press(page.get_by_role("link", name="Change what you said"))
    await _sound(page, "Your contribution to a child protection conference", "said before")
    await room.invited.was_held()
    await page.reload()
    await _sound(page, "This conference is over")
    await page.goto(f"{room.window.own}/contribution/{'x' * 43}")
    await _sound(page, "This link does not work")
    await press(page.get_by_role("button", name="Send me a new link"))
    await _sound(page, "Please look in your inbox")


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "screen"])
async def test_axe_finds_nothing_on_the_way_by_a_code_to_the_names(
    naming_room: Room, size: ViewportSize | None
) -> None:
    assert (
        await naming_room.invited.change(naming_room.invited.visitor, {"email": "visitor@example.org"})
    ).status_code == 200
    page = await naming_room.opened(size, scripts=True)
    await press(page.get_by_role("button", name="Send me a code"))
    await _sound(page, "Enter your code")
    await press(page.get_by_role("button", name="Continue"))
    await _sound(page, "Enter your code")
    assert (await page.title()).startswith("Error: ")
    await page.get_by_label("Code").fill((await issued(naming_room.invited.client))["code"])
    await press(page.get_by_role("button", name="Continue"))
    await _sound(page, "Your contribution to a child protection conference")
    assert "born on" in await page.locator("main").inner_text()


async def _sound(page: Page, about: str, name: str | None = None) -> None:
    assert await heading(page) == about
    await sound(page, f"contribution, {name or about}")
