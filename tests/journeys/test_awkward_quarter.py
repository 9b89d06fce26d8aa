"""A quarter in which everything changes after its email: each item is asked of whoever is responsible, until answered."""

import re
from collections import Counter
from datetime import timedelta

from chassis.base import clock
from tests.support.journeys.loop import Loop, whole_loop
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


async def asked_of(loop: Loop, address: str) -> Counter[str]:
    """How often each escalation stands as a question on the page behind the latest email to an address."""
    page = await page_of(loop, address)
    return Counter(
        re.findall(r'name="references?" value="(ESC-[0-9-]+)"', page) or re.findall(r"ESC-\d{4}-\d{4,}", page)
    )


async def test_every_item_is_asked_of_the_right_officer_until_it_is_answered(running: Running) -> None:
    async with whole_loop(running) as loop:
        await a_second_officer(loop)
        await loop.cover("officer-2", "schools")
        day = last_quarter().first
        plain, moved, misdirected, waiting = [await loop.raise_one(day) for _ in range(4)]
        await loop.run(QUARTERLY, last_quarter().label)
        await loop.mails_to(FIRST)
        assert set(await asked_of(loop, FIRST)) == {plain, moved, misdirected, waiting}

        # One turns out to be another agency's, one comes back, one takes time, and one was entered late.
        await changed(loop, moved, agency_id="schools", agency_role="head-teacher")
        await answered(loop, misdirected, choice="not_our_staff")
        in_six_days = clock.today() + timedelta(days=6)
        await answered(loop, waiting, choice="still_looking", expected_on=in_six_days.isoformat())
        late = await loop.raise_one(day)
        await a_week_passes(loop)
        await loop.mails_to(FIRST, 2)
        await loop.mails_to(SECOND)
        assert set(await asked_of(loop, FIRST)) == {plain, late, waiting}
        assert set(await asked_of(loop, SECOND)) == {moved}

        # The chair says where the second belongs; the first officer leaves, and the other one takes all of it over.
        await changed(loop, misdirected, agency_id="schools", agency_role="head-teacher")
        await covers_no_longer(loop)
        await loop.cover("officer-2", "surgeries")
        with clock.shifted(timedelta(days=7)):
            await a_week_passes(loop)
            await loop.mails_to(SECOND, 2)
            everything = {plain, moved, misdirected, waiting, late}
            assert set(await asked_of(loop, SECOND)) == everything
            assert set(await asked_of(loop, FIRST)) == set()

            # Whoever has answered is not asked again.
            for reference in sorted(everything):
                await answered(loop, reference, choice="dealt_with", on_behalf_of="officer-2")
            before = len(loop.postbox.to(SECOND))
            await a_week_passes(loop)
            assert len(loop.postbox.to(SECOND)) == before
        assert len(loop.postbox.to(FIRST)) == 2
