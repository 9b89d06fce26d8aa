"""Plans to be watched: what PostgreSQL finds is what the rules say of each plan."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.base import clock
from chassis.law.working_days import add_months
from services.conferences.rules import plans
from services.conferences.rules.plans import Spell, Watch
from tests.support.clocks import until
from tests.support.conferences.desk import Desk
from tests.support.conferences.kept import a_child, a_plan, a_protection, forget, keep

PATH = "/v1/protection-plans"
# Days whose corresponding date is missing in other months and years come often; the gaps are those of the rules.
STARTS = st.sampled_from(
    [date(2016, 2, 29), date(2017, 11, 30), date(2018, 1, 31), date(2018, 8, 31), date(2019, 3, 1)]
)
GAPS = st.builds(lambda months, days: (months, days), st.sampled_from([0, 1, 3, 23, 24, 25]), st.integers(-1, 2))
LIVES = st.lists(
    st.tuples(STARTS, st.lists(GAPS, min_size=1, max_size=6), st.booleans(), st.booleans()), min_size=1, max_size=6
)
Life = tuple[date, list[tuple[int, int]], bool, bool]


def spells(life: Life) -> list[Spell]:
    """Plans one after the other: start, end, start, end; the last one may still run."""
    day, gaps, *_ = life
    days = [day]
    for months, more in gaps:
        days.append(max(days[-1] + timedelta(days=1), add_months(days[-1], months) + timedelta(days=more)))
    pairs = list(zip(days[::2], [*days[1::2], None], strict=False))
    return [Spell(starts_on, ends_on) for starts_on, ends_on in pairs]


def history(lives: Sequence[Life]) -> tuple[list[Any], dict[str, tuple[int, int]]]:
    """The rows of these lives, and which spell of which child each plan is."""
    rows: list[Any] = []
    known: dict[str, tuple[int, int]] = {}
    for number, life in enumerate(lives):
        found = spells(life)
        since = date(2019, 1, 1) if life[2] else None
        rows += [a_child(f"P{number}"), a_protection(f"P{number}", looked_after_since=since)]
        for place, spell in enumerate(found):
            before = [other.ends_on for other in found[:place] if other.ends_on]
            earlier = {"previous_ended_on": max(before, default=None)}
            previous = plans.previous_plans(found, spell.starts_on)
            row = a_plan(f"P{number}", spell.starts_on, spell.ends_on, previous_plans=previous, **earlier)
            rows.append(row)
            known[str(row.id)] = number, place
    return rows, known


def is_watched(watch: Watch, life: Life, place: int, day: date) -> bool:
    """What the rules say of a plan."""
    every = spells(life)
    spell = every[place]
    match watch:
        case Watch.LONG:
            return plans.is_long(spell, day)
        case Watch.REPEAT:
            return plans.previous_plans(every, spell.starts_on) > 0
        case Watch.REPEAT_WITHIN_TWO_YEARS:
            return plans.is_repeat_within_two_years(every, spell.starts_on)
        case Watch.ENDED_WITHIN_THREE_MONTHS:
            return plans.ended_soon(spell)
        case Watch.ALSO_LOOKED_AFTER:
            runs = spell.starts_on if spell.ends_on is None else None
            return plans.is_looked_after_too(runs, date(2019, 1, 1) if life[2] else None)


async def listed(desk: Desk, **query: str) -> set[str]:
    """The identifiers of all plans that are listed."""
    page = await desk.get(PATH, limit="200", **query)
    assert page["next"] is None
    return {plan["id"] for plan in page["items"]}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=LIVES, day=st.dates(date(2016, 1, 1), date(2022, 1, 1)))
async def test_the_list_says_what_the_rules_say(desk: Desk, lives: list[Life], day: date) -> None:
    await forget(desk)
    rows, known = history(lives)
    await keep(desk, rows)
    for watch in Watch:
        wanted = {key for key, (of, place) in known.items() if is_watched(watch, lives[of], place, clock.today())}
        assert await listed(desk, watch=str(watch)) == wanted
    is_open = {key for key, (of, place) in known.items() if plans.is_open_on(spells(lives[of])[place], day)}
    assert await listed(desk, open_on=day.isoformat()) == is_open
    long = {key for key, (of, place) in known.items() if plans.is_long(spells(lives[of])[place], day)}
    assert await listed(desk, open_on=day.isoformat(), watch="long") == long & is_open == long


# Each with the plans of a child, the last of which is asked about on a day, and why it is watched then.
CASES = [
    ([(date(2018, 4, 10), None)], date(2020, 4, 9), set()),
    ([(date(2018, 4, 10), None)], date(2020, 4, 10), {"long"}),
    ([(date(2016, 2, 29), None)], date(2018, 2, 27), set()),
    ([(date(2016, 2, 29), None)], date(2018, 2, 28), {"long"}),
    ([(date(2018, 4, 10), date(2020, 4, 10))], date(2020, 4, 10), set()),
    ([(date(2019, 1, 31), date(2019, 4, 30))], date(2019, 6, 1), {"ended_within_three_months"}),
    ([(date(2019, 1, 31), date(2019, 5, 1))], date(2019, 6, 1), set()),
    ([(date(2015, 1, 1), date(2016, 6, 30)), (date(2018, 6, 30), None)], date(2018, 7, 1), {"repeat", "repeat_within_two_years"}),
    ([(date(2015, 1, 1), date(2016, 6, 30)), (date(2018, 7, 1), None)], date(2018, 7, 1), {"repeat"}),
]  # fmt: skip


@pytest.mark.parametrize(("of", "day", "reasons"), CASES)
async def test_a_plan_is_watched_from_the_day_that_the_rule_says(
    desk: Desk, of: list[tuple[date, date | None]], day: date, reasons: set[str]
) -> None:
    found = [
        a_plan(
            "P1",
            starts_on,
            ends_on,
            previous_plans=number,
            previous_ended_on=of[number - 1][1] if number else None,
        )
        for number, (starts_on, ends_on) in enumerate(of)
    ]
    await keep(desk, [a_child("P1"), *found])
    asked = str(found[-1].id)
    with clock.shifted(until(day)):
        watched = {str(watch) for watch in Watch if asked in await listed(desk, watch=str(watch))}
    assert watched == reasons


async def test_who_is_looked_after_as_well_is_known_from_the_reviews(desk: Desk) -> None:
    looked_after = {"looked_after_since": date(2019, 2, 2)}
    rows = [
        a_plan("P1", date(2019, 1, 1)),
        a_plan("P2", date(2019, 1, 1), date(2019, 3, 3)),
        a_plan("P3", date(2019, 1, 1)),
    ]
    known = [a_protection("P1", **looked_after), a_protection("P2", **looked_after)]
    await keep(desk, [*map(a_child, ("P1", "P2", "P3")), *known, *rows])
    assert await listed(desk, watch="also_looked_after") == {str(rows[0].id)}
