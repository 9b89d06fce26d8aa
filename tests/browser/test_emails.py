"""Every email as a browser shows it; pictures for the first page of the repository are made when asked for."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser

from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from services.notifications.emails import render
from tests.support.browser import OFFICER, PHONE, Desk, faults, fits, last_quarter, pictured, press
from tests.support.journeys.loop import words
from tests.support.notifications.contexts import CONTEXTS
from tests.support.settings import COUNCIL
from tests.support.waiting import PATIENCE

FIRST_PAGE = Path(__file__).parents[2] / "docs" / "pictures"


async def test_axe_finds_nothing_in_any_email(desk: Desk) -> None:
    await desk.raise_many(6)
    await desk.loop.raise_one(last_quarter().first, agency="schools", role="head-teacher")
    html = [await desk.email()]
    week = period_of(PeriodKind.WEEK, clock.today()).label
    await desk.loop.days_pass("send_quarterly_escalations", 7)
    await desk.loop.run("send_quarterly_reminders", f"{last_quarter().label}+7")
    await desk.loop.run("send_weekly_reminder", week)
    await desk.loop.run("send_weekly_report", week)
    await desk.loop.mails_to(OFFICER, 2)
    await desk.loop.mails_to("chair-1@example.org")
    await desk.loop.mails_to("manager-1@example.org", 2)
    html += [words(mail, "html") for mail in desk.loop.postbox.mails]
    page = await desk.page(PHONE, scripts=True)
    for document in html:
        await desk.open_email(page, document)
        # An email is no page: it needs no landmarks.
        assert [fault for fault in await faults(page) if not fault.startswith(("region", "landmark"))] == []
        assert await fits(page), await page.title()


async def test_axe_finds_nothing_in_any_variant_of_any_email(browser: Browser) -> None:
    context = await browser.new_context(viewport=PHONE)
    context.set_default_timeout(1000 * PATIENCE)
    page = await context.new_page()
    for variant in sorted(CONTEXTS):
        html = render(variant.partition(",")[0], CONTEXTS[variant] | {"answer_url": "012345"}, COUNCIL).html
        await page.set_content(html)
        assert [fault for fault in await faults(page) if not fault.startswith(("region", "landmark"))] == [], variant
        assert await fits(page), variant
        await pictured(page, f"email, {variant}")
    await context.close()


@pytest.mark.skipif("PICTURES" not in os.environ, reason="Pictures are made anew with PICTURES=1.")
async def test_pictures_for_the_first_page(desk: Desk) -> None:
    await desk.raise_many(12)
    html = await desk.email()
    page = await desk.page({"width": 640, "height": 1000})
    await desk.open_email(page, html)
    await page.screenshot(path=FIRST_PAGE / "email.png")
    page = await desk.page({"width": 390, "height": 1000})
    await desk.open_email(page, html)
    await press(page.get_by_role("link", name="We dealt with it with the member of staff"))
    await page.screenshot(path=FIRST_PAGE / "answer-page.png")
