"""A liaison officer at a desk: an email, a browser, and what they can see."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, ViewportSize

from chassis.base import clock
from chassis.law.periods import Period, PeriodKind, period_of
from tests.support.journeys.loop import Loop, whole_loop, words
from tests.support.running import Running
from tests.support.settings import OF_THE_COUNCIL
from tests.support.waiting import PATIENCE

OFFICER = "officer-1@example.org"
# Of every email and page, on a phone and on a screen: to be looked at, and in no repository.
PICTURES = Path(__file__).parents[2] / "pictures"
PHONE, SCREEN = ViewportSize(width=390, height=800), ViewportSize(width=1280, height=900)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEAMS = ("Bridge Surgery", "Castle Hill Surgery", "Fen Road Practice", "Market Place Practice")
REASONS = ("no_report_no_apologies", "no_report_no_apologies", "no_report_sent_apologies")


def last_quarter() -> Period:
    """The quarter that ended last."""
    return period_of(PeriodKind.QUARTER, clock.today()).previous()


@dataclass
class Window:
    """A browser that is to ask one service alone; what goes wrong in it is kept in `trouble`."""

    browser: Browser
    own: str
    trouble: list[str] = field(default_factory=list)

    async def page(self, size: ViewportSize | None = None, *, scripts: bool = False) -> Page:
        """A fresh page of a fresh browser profile."""
        context = await self.browser.new_context(viewport=size or SCREEN, java_script_enabled=scripts)
        context.set_default_timeout(1000 * PATIENCE)
        page = await context.new_page()
        page.on("console", self._hear)
        page.on("request", lambda asked: self._check(asked.url))
        return page

    def _hear(self, said: Any) -> None:
        # The browser itself notes each answer of 4xx, which some tests ask for.
        if said.type == "error" and not said.text.startswith(
            "Failed to load resource: the server responded with a status of 4"
        ):
            self.trouble.append(said.text)

    def _check(self, url: str) -> None:
        if not url.startswith((self.own, "about:", "data:")):
            self.trouble.append(f"request to {url}")

    async def close(self) -> None:
        """Close every page; nothing went wrong in any."""
        for context in self.browser.contexts:
            await context.close()
        assert self.trouble == []


@dataclass
class Desk:
    """The system, the officer's email, and the browser."""

    loop: Loop
    window: Window

    async def page(self, size: ViewportSize | None = None, *, scripts: bool = False) -> Page:
        """A fresh page of a fresh browser profile."""
        return await self.window.page(size, scripts=scripts)

    async def raise_many(self, count: int) -> None:
        """Escalations of the last quarter, and some of the one before."""
        quarter = last_quarter()
        for number in range(count):
            day = quarter.first + timedelta(days=3 + number % 80)
            team, reason = TEAMS[number % len(TEAMS)], REASONS[number % len(REASONS)]
            await self.loop.raise_one(day, professional_team=team, reason=reason)
        for number in range(count // 2):
            day = quarter.previous().first + timedelta(days=5 + number)
            await self.loop.raise_one(day, professional_team=TEAMS[number % 2])

    async def email(self) -> str:
        """The HTML of the officer's quarterly email."""
        await self.loop.run("send_quarterly_escalations", last_quarter().label)
        return words((await self.loop.mails_to(OFFICER))[0], "html")

    async def open_email(self, page: Page, html: str) -> None:
        """Show an email as a mail program does."""
        await page.set_content(html)

    async def opened(self, size: ViewportSize | None = None, *, scripts: bool = False, count: int = 12) -> Page:
        """The answer page, opened from a fresh email."""
        await self.raise_many(count)
        page = await self.page(size, scripts=scripts)
        await self.open_email(page, await self.email())
        await press(page.get_by_role("link", name="Answer now"))
        return page


async def press(what: Locator) -> None:
    """Press a button or a link, and wait until the page to which it leads is there."""
    async with what.page.expect_navigation():
        await what.click()


async def faults(page: Page) -> Sequence[str]:
    """What axe finds wrong with a page."""
    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = await Axe().run(page, options=options)
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]} {violation['nodes'][0]['failureSummary']}"
        for violation in found["violations"]
    ]


async def fits(page: Page) -> bool:
    """Whether nothing runs off the page's side."""
    wide = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return bool(wide[0] <= wide[1])


async def pictured(page: Page, name: str) -> None:
    """Keep a picture of a page as a phone shows it, and one as a screen does."""
    before = page.viewport_size or SCREEN
    for device, size in (("phone", PHONE), ("screen", SCREEN)):
        await page.set_viewport_size(size)
        await page.screenshot(path=PICTURES / f"{name} ({device}).png", full_page=True)
    await page.set_viewport_size(before)


async def sound(page: Page, name: str) -> None:
    """Check that axe finds nothing and that nothing runs off a page, and keep its pictures."""
    assert await faults(page) == [], name
    assert await fits(page), name
    await pictured(page, name)


@asynccontextmanager
async def answering(running: Running, browser: Browser) -> AsyncIterator[Desk]:
    """The whole loop and a desk."""
    async with whole_loop(running, **OF_THE_COUNCIL) as loop:
        window = Window(browser, str(loop.escalations.base_url))
        yield Desk(loop, window)
        await window.close()
