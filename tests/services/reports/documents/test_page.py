"""The page in a browser: axe finds nothing, it fits a phone, and no script and no other address is asked for."""

import pytest
from playwright.async_api import Browser, Page, Route

from services.reports.documents.forms import Form, render
from services.reports.documents.model import Column, Document, Section, Table, Unit
from tests.support.browser import PHONE, SCREEN, faults, fits
from tests.support.reports.documents import hostile, report
from tests.support.waiting import PATIENCE

ADDRESS = "https://reports.example.org/report"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


async def opened(browser: Browser, document: Document, size: object) -> tuple[Page, list[str]]:
    """The page as its service sends it, and what the browser complained of or asked for besides."""
    context = await browser.new_context(viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE)
    page, trouble = await context.new_page(), list[str]()
    made = render(document, Form.HTML)

    async def answer(route: Route) -> None:
        if route.request.url != ADDRESS:
            trouble.append(route.request.url)
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        await route.fulfill(body=made, headers=headers)

    await page.route("**/*", answer)
    page.on("console", lambda said: trouble.append(said.text))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    await page.goto(ADDRESS)
    return page, trouble


@pytest.mark.parametrize("document", [report(), hostile()], ids=["report", "hostile"])
@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
async def test_axe_finds_nothing(browser: Browser, document: Document, size: object) -> None:
    page, trouble = await opened(browser, document, size)
    assert await page.locator("script").count() == 0
    assert await page.locator("main img").count() == 0
    assert await fits(page)
    assert [address for address in trouble if "favicon" not in address] == []
    for details in await page.locator("summary").all():
        await details.click()
    # axe is a script itself, which the policy would refuse.
    await page.set_content(render(document, Form.HTML).decode())
    assert await faults(page) == []
    await page.context.close()


async def test_each_chart_is_named_and_has_its_table(browser: Browser) -> None:
    page, _ = await opened(browser, report(), SCREEN)
    for chart in report().charts():
        picture = page.get_by_role("img", name=chart.title)
        assert await picture.count() == 1
    assert await page.locator("details").count() == 2
    assert await page.locator("main a[href='#table-reviews-by-month']").count() == 2
    assert await page.get_by_text("The numbers behind figures 4, 5").count() == 1
    await page.get_by_text("The numbers behind figure 1").click()
    assert await page.get_by_role("region", name="Table 1. Reviews held, by month").is_visible()
    await page.context.close()


async def test_contents_lead_to_sections(browser: Browser) -> None:
    page, _ = await opened(browser, report(), SCREEN)
    for link in await page.locator("nav a").all():
        target = (await link.get_attribute("href") or "").removeprefix("#")
        assert await page.locator(f"[id='{target}']").count() == 1
    await page.context.close()


BROKEN = """() => [...document.querySelectorAll(".figures td, .figures th")].flatMap(cell => {
    const text = cell.firstChild, found = [...text.data.matchAll(/\\S+/g)];
    return found.filter(word => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return range.getClientRects().length > 1;
    }).map(word => word[0]);
})"""


async def test_no_word_of_a_table_is_broken_on_a_phone(browser: Browser) -> None:
    words = Table(
        key="priorities",
        caption="Priorities of the year",
        columns=[Column(key=f"c{at}", heading="Safeguarding", unit=Unit.TEXT) for at in range(5)],
        rows=[["Escalations answered", "Understanding", "Timescales agreed", "Participation", "31 December 2020"]],
    )
    section = Section(key="priorities", heading="Priorities", blocks=[words])
    page, _ = await opened(browser, report().model_copy(update={"sections": [section]}), PHONE)
    assert await page.evaluate(BROKEN) == []
    assert await fits(page)
    await page.context.close()
