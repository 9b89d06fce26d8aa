"""Whoever is responsible now is asked, within a week and once, and whoever is no longer sees it no more."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from chassis.base import clock
from services.notifications.emails.newly_responsible import asked_quarter
from tests.support.journeys.loop import Loop, whole_loop, words
from tests.support.journeys.quarter import (
    FIRST,
    QUARTERLY,
    SECOND,
    a_second_officer,
    a_week_passes,
    answered,
    changed,
    covers_no_longer,
    last_quarter,
    page_of,
)
from tests.support.running import Running


@pytest.fixture
async def loop(running: Running) -> AsyncIterator[Loop]:
    """Two officers; the first covers the surgeries."""
    async with whole_loop(running) as loop:
        await a_second_officer(loop)
        yield loop


@pytest.fixture
async def asked(loop: Loop) -> str:
    """An escalation of the last quarter, about which the first officer was asked."""
    reference = await loop.raise_one(last_quarter().first)
    await loop.run(QUARTERLY, last_quarter().label)
    await loop.mails_to(FIRST)
    return reference


async def test_the_quarters_own_email_comes_first() -> None:
    assert asked_quarter(date(2024, 7, 1)).label == "2023-Q4", "the email about the first quarter is sent this morning"
    assert asked_quarter(date(2024, 7, 2)).label == "2024-Q1"


async def test_a_successor_is_asked_once_and_the_officer_before_sees_it_no_more(loop: Loop, asked: str) -> None:
    await covers_no_longer(loop)
    await loop.cover("officer-2", "surgeries")
    for _ in range(2):
        await a_week_passes(loop)
    (mail,) = await loop.mails_to(SECOND)
    assert "You cover this now; another officer was asked before." in words(mail)
    assert asked in await page_of(loop, SECOND)
    assert asked not in await page_of(loop, FIRST)
    assert len(loop.postbox.to(FIRST)) == 1


async def test_what_nobody_covers_any_more_is_seen_by_no_officer(loop: Loop, asked: str) -> None:
    await covers_no_longer(loop)
    await a_week_passes(loop)
    assert asked not in await page_of(loop, FIRST)


async def test_what_was_entered_late_is_asked_within_the_week(loop: Loop, asked: str) -> None:
    late = await loop.raise_one(last_quarter().first)
    await a_week_passes(loop)
    mail = (await loop.mails_to(FIRST, 2))[1]
    assert "1 escalation for you to answer" in mail["Subject"]
    assert "This was entered after the email about its quarter." in words(mail)
    page = await page_of(loop, FIRST)
    assert asked in page and late in page, "one page holds the quarter"


async def test_who_is_still_looking_is_asked_again_when_the_day_has_passed(loop: Loop, asked: str) -> None:
    soon = clock.today() + timedelta(days=6)
    await answered(loop, asked, choice="still_looking", expected_on=soon.isoformat())
    await a_week_passes(loop)
    assert len(loop.postbox.to(FIRST)) == 1
    with clock.shifted(timedelta(days=7)):
        await a_week_passes(loop)
        mail = (await loop.mails_to(FIRST, 2))[1]
    assert "You were still looking, and the day that you named has passed." in words(mail)


async def test_what_is_not_theirs_is_asked_where_it_belongs(loop: Loop, asked: str) -> None:
    await loop.cover("officer-2", "schools")
    await answered(loop, asked, choice="not_our_staff")
    await a_week_passes(loop)
    assert (len(loop.postbox.to(FIRST)), loop.postbox.to(SECOND)) == (1, []), (
        "nobody is asked before somebody said whose it is"
    )
    assert asked not in await page_of(loop, FIRST)
    await changed(loop, asked, agency_id="schools", agency_role="head-teacher")
    await a_week_passes(loop)
    (mail,) = await loop.mails_to(SECOND)
    assert "The chair has decided that this belongs with you." in words(mail)
    assert asked in await page_of(loop, SECOND)


async def test_who_is_told_that_it_is_theirs_after_all_is_asked_again(loop: Loop, asked: str) -> None:
    await answered(loop, asked, choice="not_our_staff")
    await changed(loop, asked, agency_id="surgeries", agency_role="gp")
    await a_week_passes(loop)
    assert "The chair has decided that this belongs with you." in words((await loop.mails_to(FIRST, 2))[1])
    assert asked in await page_of(loop, FIRST)
