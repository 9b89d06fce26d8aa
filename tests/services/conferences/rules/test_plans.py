"""Plans: how many came before, which are to be watched, how one may end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.law.working_days import add_months
from services.conferences.rules.plans import (
    Spell,
    childhood_over_on,
    end_violation,
    ended_soon,
    is_long,
    is_looked_after_too,
    is_open_on,
    is_repeat_within_two_years,
    leader_violation,
    previous_plans,
    start_violation,
)
from services.conferences.rules.vocabulary import PlanEnd

TODAY = date(2020, 4, 3)
DAYS = st.dates(date(2005, 1, 1), date(2020, 4, 3))


def spells(*texts: str) -> list[Spell]:
    """Plans such as `2018-01-01/2018-06-01` or `2019-01-01/`."""
    pairs = [text.split("/") for text in texts]
    return [Spell(date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in pairs]


@pytest.mark.parametrize(
    ("plans", "starts", "count", "soon_again"),
    [
        ([], "2019-01-01", 0, False),
        (["2019-01-01/"], "2019-01-01", 0, False),
        (["2016-01-01/2016-12-31", "2019-01-01/"], "2019-01-01", 1, False),
        (["2016-01-01/2017-01-01", "2019-01-01/"], "2019-01-01", 1, True),
        (["2016-01-01/2016-06-01", "2017-02-01/2018-11-30"], "2019-01-01", 2, True),
    ],
)
def test_plans_before_are_counted_without_the_one_that_starts(
    plans: list[str], starts: str, count: int, soon_again: bool
) -> None:
    day = date.fromisoformat(starts)
    assert previous_plans(spells(*plans), day) == count
    assert is_repeat_within_two_years(spells(*plans), day) is soon_again


@pytest.mark.parametrize(
    ("plan", "day", "long", "is_open"),
    [
        ("2018-04-03/", "2020-04-02", False, True),
        ("2018-04-03/", "2020-04-03", True, True),
        ("2018-04-03/2020-04-03", "2020-04-03", False, False),
        ("2018-04-03/2020-04-03", "2020-04-02", False, True),
        ("2020-04-03/", "2020-04-02", False, False),
        ("2018-02-28/", "2020-02-28", True, True),
    ],
)
def test_a_plan_is_long_from_two_years_and_open_until_the_day_before_it_ended(
    plan: str, day: str, long: bool, is_open: bool
) -> None:
    (spell,) = spells(plan)
    assert is_long(spell, date.fromisoformat(day)) is long
    assert is_open_on(spell, date.fromisoformat(day)) is is_open


@given(DAYS, st.integers(0, 400))
def test_a_plan_that_ended_within_three_months_is_watched(starts: date, days: int) -> None:
    ends = starts + timedelta(days=days)
    assert ended_soon(Spell(starts, ends)) is (ends <= add_months(starts, 3))
    assert not ended_soon(Spell(starts))


@pytest.mark.parametrize(
    ("reason", "ends", "rule"),
    [
        (PlanEnd.TRANSFER_OUT, "2020-04-03", None),
        (PlanEnd.DEATH, "2019-01-01", None),
        (PlanEnd.LEFT_THE_UNITED_KINGDOM, "2020-04-03", None),
        (PlanEnd.LEFT_THE_UNITED_KINGDOM, "2020-04-04", "not_in_the_future"),
        (PlanEnd.LEFT_THE_UNITED_KINGDOM, "2019-01-01", "after_its_start"),
        (PlanEnd.CONFERENCE, "2020-04-03", "by_its_own_action"),
        (PlanEnd.TRANSFER_OUT, "2020-04-04", "not_in_the_future"),
        (PlanEnd.TRANSFER_OUT, "2018-12-31", "after_its_start"),
        (PlanEnd.EIGHTEENTH_BIRTHDAY, "2020-02-29", "eighteenth_birthday"),
        (PlanEnd.EIGHTEENTH_BIRTHDAY, "2020-02-28", None),
    ],
)
def test_a_plan_ends_for_no_other_reason(reason: PlanEnd, ends: str, rule: str | None) -> None:
    (plan,) = spells("2019-01-01/")
    refused = end_violation(reason, plan, date.fromisoformat(ends), date(2002, 2, 28), TODAY)
    assert (refused and refused.rule) == rule


def test_nobody_is_eighteen_before_they_are_born() -> None:
    (plan,) = spells("2019-01-01/")
    refused = end_violation(PlanEnd.EIGHTEENTH_BIRTHDAY, plan, TODAY, None, TODAY)
    assert refused is not None and refused.rule == "eighteenth_birthday"


@pytest.mark.parametrize(
    ("born", "died", "over"),
    [
        (None, None, None),
        ("2002-02-28", None, "2020-02-28"),
        # Who was born on 29 February turns 18 in a year that has no such day.
        ("2004-02-29", None, "2022-02-28"),
        ("2010-06-01", "2015-03-04", "2015-03-04"),
        (None, "2015-03-04", "2015-03-04"),
    ],
)
def test_no_plan_goes_on_after_the_eighteenth_birthday_or_death(
    born: str | None, died: str | None, over: str | None
) -> None:
    days = [None if day is None else date.fromisoformat(day) for day in (born, died, over)]
    assert childhood_over_on(days[0], days[1]) == days[2]


@pytest.mark.parametrize(
    ("plans", "is_refused"),
    [
        ([], False),
        (["2018-01-01/2018-05-31"], False),
        (["2018-01-01/2018-06-01"], True),
        (["2018-01-01/2018-06-02", "2017-01-01/2017-02-01"], True),
    ],
)
def test_another_plan_starts_after_the_day_on_which_the_one_before_ended(plans: list[str], is_refused: bool) -> None:
    refused = start_violation(spells(*plans), date(2018, 6, 1))
    assert (refused is not None and refused.rule == "no_overlap") == is_refused


def test_another_chair_leads_the_discussion() -> None:
    assert leader_violation("chair-1", "chair-2") is None
    assert leader_violation("chair-1", None) is None
    refused = leader_violation("chair-1", "chair-1")
    assert refused is not None and (refused.field, refused.rule) == ("led_by", "not_the_allocated_chair")


def test_who_is_looked_after_too() -> None:
    assert is_looked_after_too(TODAY, TODAY)
    assert not is_looked_after_too(None, TODAY)
    assert not is_looked_after_too(TODAY, None)
