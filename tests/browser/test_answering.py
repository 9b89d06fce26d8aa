"""From the email's link to the receipt, in a real browser, without JavaScript."""

from datetime import timedelta

from playwright.async_api import Page

from chassis.base import clock
from tests.support.browser import PHONE, Desk, faults, fits, last_quarter, pictured, press, sound


async def test_answering_all_takes_two_actions_and_no_typing(desk: Desk) -> None:
    await desk.raise_many(6)
    page = await desk.page(PHONE)
    await desk.open_email(page, await desk.email())
    actions = 0
    await press(page.get_by_role("link", name="We dealt with it with the member of staff"))
    actions += 1
    assert await page.get_by_role("radio", name="We dealt with it with the member of staff").first.is_checked()
    await press(page.get_by_role("button", name="Send this answer for all 9"))
    actions += 1
    assert await page.get_by_role("heading", level=1).inner_text() == "Answer received"
    # Three of the quarter before were in no email yet.
    assert "9 escalations answered" in await page.locator("main").inner_text()
    assert actions == 2


async def tab_to(page: Page, selector: str) -> None:
    """Press the tab key until such an element has the focus."""
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"No {selector} can be reached.")


async def test_a_keyboard_is_enough(desk: Desk) -> None:
    page = await desk.opened()
    await tab_to(page, "a.skip")
    await page.keyboard.press("Enter")
    await tab_to(page, "input[type=radio]")
    await page.keyboard.press("Space")
    await tab_to(page, "button[type=submit]")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/receipt/**")
    assert await page.get_by_role("heading", level=1).inner_text() == "Answer received"


async def test_an_error_leads_to_its_field(desk: Desk) -> None:
    page = await desk.opened()
    await press(page.get_by_role("button", name="Send this answer for all"))
    assert (await page.title()).startswith("Error: ")
    summary = page.get_by_role("alert")
    assert "There is a problem" in await summary.inner_text()
    target = await summary.get_by_role("link").first.get_attribute("href")
    assert await page.locator(str(target)).get_attribute("type") == "radio"


async def test_what_was_written_stays_when_something_is_wrong(desk: Desk) -> None:
    page = await desk.opened()
    await page.get_by_label("We changed how we work").first.check()
    await page.get_by_text("Add a note (optional)").first.click()
    await page.get_by_label("Anything to add?").first.fill("I spoke with Robin Invented.")
    await press(page.get_by_role("button", name="Send this answer for all"))
    assert "looks like somebody’s name" in await page.get_by_role("alert").inner_text() or (
        "looks like somebody's name" in await page.get_by_role("alert").inner_text()
    )
    assert await page.get_by_label("We changed how we work").first.is_checked()
    assert await page.get_by_label("Anything to add?").first.input_value() == "I spoke with Robin Invented."


async def test_a_theme_and_one_alone_and_the_page_remembers(desk: Desk) -> None:
    page = await desk.opened()
    theme = page.locator("details:not(.note)").filter(has_text="No report, apologies sent (")
    await theme.locator("summary").first.click()
    await theme.get_by_label("We changed how we work").check()
    await press(theme.get_by_role("button"))
    await press(page.get_by_role("link", name="Answer the rest"))
    assert "to answer" in await page.locator("p.lead").inner_text()
    await open_one(page, desk.loop.raised[0])
    await page.get_by_label("Our records differ").check()
    await press(page.get_by_role("button", name="Send this answer"))
    await press(page.get_by_role("link", name="Answer the rest"))
    await open_one(page, desk.loop.raised[0])
    assert "by you on" in await page.locator("dl").inner_text()
    await page.get_by_label("We changed how we work").check()
    await press(page.get_by_role("button", name="Change this answer"))
    await press(page.get_by_role("link", name="Answer the rest"))
    await open_one(page, desk.loop.raised[0])
    assert "We changed how we work" in await page.locator("dl").inner_text()


async def open_one(page: Page, reference: str) -> None:
    """Open the page of one escalation, from the list of its practice."""
    link = page.get_by_role("link", name=reference, include_hidden=True)
    unit = page.locator("details", has=link).locator("summary").first
    if not await link.is_visible():
        await unit.click()
    await press(link)


async def test_the_button_is_on_the_first_screen_of_a_phone(desk: Desk) -> None:
    page = await desk.opened(PHONE, count=48)
    button = await page.get_by_role("button", name="Send this answer for all").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= PHONE["height"]


async def test_the_day_is_asked_only_of_who_is_still_looking(desk: Desk) -> None:
    page = await desk.opened(PHONE)
    day = page.get_by_label("When will you know?").first
    assert not await day.is_visible()
    await page.get_by_label("We are still looking into it").first.check()
    assert await day.is_visible()


async def test_a_practice_gets_a_link_of_its_own(desk: Desk) -> None:
    page = await desk.opened(scripts=True)
    unit = page.locator("details:not(.note)").filter(has_text="Bridge Surgery").first
    await unit.locator("summary").first.click()
    await press(unit.get_by_role("button", name="Make a link for Bridge Surgery alone"))
    await sound(page, "answer, a link to share")
    url = await page.locator(".copy a").inner_text()
    practice = await desk.page(PHONE)
    await practice.goto(url)
    assert (await practice.get_by_role("heading", level=1).inner_text()).startswith("Bridge Surgery, ")
    await pictured(practice, "answer, by a link that was shared")
    await practice.get_by_label("We changed how we work").first.check()
    await press(practice.get_by_role("button", name="Send this answer"))
    assert await practice.get_by_role("heading", level=1).inner_text() == "Answer received"


async def link_to(desk: Desk, references: list[str]) -> str:
    """The address of a new link for another quarter."""
    client = desk.loop.escalations
    body = {
        "colleague_id": "officer-1",
        "period": last_quarter().previous().label,
        "references": references,
        "expires_on": (clock.today() + timedelta(days=30)).isoformat(),
    }
    answer = await client.post("/internal/answer-links", json=body, headers=client.as_service("notifications"))
    return f"{str(client.base_url).rstrip('/')}/answer/{answer.json()['token']}"


async def test_two_links_in_two_tabs_answer_each_their_own(desk: Desk) -> None:
    first = await desk.opened()
    second = await first.context.new_page()
    other = await desk.loop.raise_one(last_quarter().first, professional_team="Mill Surgery")
    await second.goto(await link_to(desk, [other]))
    assert "1 escalation" in await second.locator("main").inner_text()
    await first.get_by_label("We changed how we work").first.check()
    await press(first.get_by_role("button", name="Send this answer for all 18"))
    assert "18 escalations answered" in await first.locator("main").inner_text()
    await second.reload()
    assert "Not answered yet" in await second.locator("main").inner_text()
    await second.get_by_label("Our records differ").first.check()
    await press(second.get_by_role("button", name="Send this answer"))
    assert other in await second.locator("dl").inner_text()


async def test_what_was_written_stays_when_the_cookie_ran_out(desk: Desk) -> None:
    page = await desk.opened(scripts=True)
    await page.get_by_label("We changed how we work").first.check()
    await page.get_by_text("Add a note (optional)").first.click()
    await page.get_by_label("Anything to add?").first.fill("We spoke twice.")
    await page.context.clear_cookies()
    await press(page.get_by_role("button", name="Send this answer for all"))
    assert "Nothing has been sent yet" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_label("Anything to add?").first.input_value() == "We spoke twice."
    assert await faults(page) == []
    await press(page.get_by_role("button", name="Send this answer for all"))
    assert await page.get_by_role("heading", level=1).inner_text() == "Answer received"


async def test_a_form_that_was_tampered_with_answers_nothing(desk: Desk) -> None:
    page = await desk.opened(scripts=True)
    await page.evaluate("document.querySelectorAll('[name=seal]').forEach(one => one.value += 'x')")
    await page.get_by_label("We changed how we work").first.check()
    await press(page.get_by_role("button", name="Send this answer for all"))
    assert "Nothing has been sent yet" in await page.get_by_role("alert").inner_text()
    assert await page.locator("main .tag").count() == 0


async def test_nothing_runs_off_a_phone(desk: Desk) -> None:
    page = await desk.opened(PHONE, scripts=True, count=60)
    assert await fits(page)
    await open_one(page, desk.loop.raised[0])
    assert await fits(page)


async def test_axe_finds_nothing(desk: Desk) -> None:
    page = await desk.opened(scripts=True, count=48)
    await sound(page, "answer, quarter")
    await press(page.get_by_role("button", name="Send this answer for all"))
    await sound(page, "answer, quarter with errors")
    for summary in await page.locator("details > summary").all():
        await summary.evaluate("summary => summary.parentElement.open = true")
    await sound(page, "answer, quarter with everything open")
    await page.get_by_role("link", name=desk.loop.raised[0]).first.click()
    await sound(page, "answer, one escalation")
    await page.get_by_label("We changed how we work").check()
    await press(page.get_by_role("button", name="Send this answer"))
    await sound(page, "answer, receipt")
    own = str(desk.loop.escalations.base_url).rstrip("/")
    await page.goto(f"{own}/answer/{'x' * 43}")
    assert await page.get_by_role("heading", level=1).inner_text() == "This link does not work"
    await sound(page, "answer, no link")
    await press(page.get_by_role("button", name="Send me a new link"))
    assert await page.get_by_role("heading", level=1).inner_text() == "Please look in your inbox"
    await sound(page, "answer, new link")
