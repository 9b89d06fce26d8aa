"""Figures of plans: every number of every table is what the rules say of that day."""

from collections.abc import Sequence
from datetime import date

import pytest

from chassis.law.periods import PeriodKind, parse, within
from services.conferences.meetings.models import ChildConference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.plans import (
    Duration,
    Spell,
    duration_of,
    is_long,
    is_open_on,
    is_repeat_within_two_years,
)
from tests.support.conferences.counting import KINDS, Key, rows_of, shown, two_years
from tests.support.conferences.desk import JSON, Desk
from tests.support.conferences.invented import FIRST, HISTORY, LAST, YEARS, all_of
from tests.support.conferences.kept import keep


def category_on(plan: ProtectionPlan, day: date) -> str:
    """The category of a plan on a day: that of the last conference about it until then."""
    categories = [
        (part.held_on, part.category)
        for part in all_of(ChildConference)
        if part.plan_id == plan.id and part.held_on <= day and part.category is not None
    ]
    return max(categories)[1] if categories else plan.latest_category if plan.imported else plan.initial_category


def counted_plans(key: str | None, plans: Sequence[ProtectionPlan], first: date, last: date) -> JSON:
    """A row about these days as the rules have it."""
    spells = {plan.id: Spell(plan.starts_on, plan.ends_on) for plan in plans}
    running = [plan for plan in plans if is_open_on(spells[plan.id], last)]
    began = [plan for plan in plans if first <= plan.starts_on <= last]
    ended = [
        duration_of(plan.starts_on, plan.ends_on) for plan in plans if plan.ends_on and first <= plan.ends_on <= last
    ]
    reasons = [plan.end_reason for plan in plans if plan.ends_on and first <= plan.ends_on <= last]
    categories = [category_on(plan, last) for plan in running]
    before = {
        plan.id: [
            Spell(other.starts_on, other.ends_on)
            for other in all_of(ProtectionPlan)
            if other.person_id == plan.person_id
        ]
        for plan in began
    }
    names = {"NEG": "neglect", "PHY": "physical", "SAB": "sexual", "EMO": "emotional", "MUL": "multiple"}
    return {
        "key": key,
        "open": len(running),
        **{name: categories.count(category) for category, name in names.items()},
        "long": sum(is_long(spells[plan.id], last) for plan in running),
        "started": len(began),
        "started_repeat": sum(plan.previous_plans > 0 for plan in began),
        "started_within_two_years": sum(is_repeat_within_two_years(before[plan.id], plan.starts_on) for plan in began),
        "ended": len(ended),
        "ended_by_conference": reasons.count("conference"),
        "ended_otherwise": len(reasons) - reasons.count("conference"),
        **{f"ended_{name}": ended.count(Duration(name)) for name in ("up_to_three_months", "up_to_six_months", "under_one_year", "under_two_years", "two_years_or_more")},
    }  # fmt: skip


KEYS: dict[str, Key] = {str(kind): str for kind in KINDS} | {
    "category": lambda plan: category_on(plan, LAST),
    "chair": lambda plan: plan.chair_id or "none",
    "area": lambda plan: plan.area_id,
    "team": lambda plan: plan.team or "none",
}


@pytest.mark.parametrize("query", [{}, {"area_id": "north"}, {"team": "Team 1"}, {"chair_id": "chair-1"}])
async def test_every_number_about_plans_is_what_the_rules_say_of_that_day(desk: Desk, query: dict[str, str]) -> None:
    await keep(desk, HISTORY)
    plans = [
        plan for plan in all_of(ProtectionPlan) if all(getattr(plan, name) == value for name, value in query.items())
    ]
    for by, key_of in KEYS.items():
        *rows, total = await two_years(desk, "/plans", by=by, **query)
        assert shown([total]) == [counted_plans(None, plans, FIRST, LAST)]
        if by in {str(kind) for kind in KINDS}:
            parts = [period for year in YEARS for period in within(PeriodKind(by), parse(year).first, parse(year).last)]
            assert shown(rows) == [counted_plans(period.label, plans, period.first, period.last) for period in parts]
            assert rows[-1]["cumulative"] == total["started"] == sum(row["started"] for row in rows)
            assert rows[-1]["open"] == total["open"]
            continue
        running = [plan for plan in plans if plan.starts_on <= LAST and (plan.ends_on is None or plan.ends_on >= FIRST)]
        keys = sorted({key_of(plan) for plan in running})
        expected = [counted_plans(key, [plan for plan in running if key_of(plan) == key], FIRST, LAST) for key in keys]
        assert shown(rows) == expected
        assert sum(row["open"] for row in rows) == total["open"]


async def test_plans_are_counted_on_any_day(desk: Desk) -> None:
    await keep(desk, HISTORY)
    plans = all_of(ProtectionPlan)
    for plan in plans[:15]:
        for day in filter(None, (plan.starts_on, plan.ends_on)):
            (total,) = await rows_of(desk, "/plans", on=day.isoformat())
            assert shown([total]) == [counted_plans(None, plans, day, day)]
    *rows, total = await rows_of(desk, "/plans", on="2019-10-01", by="category")
    assert sum(row["open"] for row in rows) == total["open"] > 0


# How long a plan that started on a day had run when it ended: the corresponding day decides, or the month's last.
DURATIONS = [
    (date(2019, 1, 31), date(2019, 1, 31), "up_to_three_months"),
    (date(2019, 1, 31), date(2019, 4, 30), "up_to_three_months"),
    (date(2019, 1, 31), date(2019, 5, 1), "up_to_six_months"),
    (date(2019, 1, 31), date(2019, 7, 31), "up_to_six_months"),
    (date(2019, 1, 31), date(2019, 8, 1), "under_one_year"),
    (date(2019, 1, 31), date(2020, 1, 30), "under_one_year"),
    (date(2019, 1, 31), date(2020, 1, 31), "under_two_years"),
    (date(2019, 1, 31), date(2021, 1, 30), "under_two_years"),
    (date(2016, 2, 29), date(2018, 2, 27), "under_two_years"),
    (date(2016, 2, 29), date(2018, 2, 28), "two_years_or_more"),
    (date(2019, 1, 31), date(2021, 1, 31), "two_years_or_more"),
]


@pytest.mark.parametrize(("starts_on", "ends_on", "found"), DURATIONS)
def test_how_long_a_plan_ran(starts_on: date, ends_on: date, found: str) -> None:
    assert duration_of(starts_on, ends_on) == found
