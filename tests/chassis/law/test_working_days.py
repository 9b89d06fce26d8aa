"""Working days follow the law's definition, the worked deadlines and GOV.UK's list of bank holidays."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from chassis.law import working_days

days = st.dates(date(2012, 1, 1), date(2028, 12, 31))
counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("event", "count", "due"),
    [
        # First review: Good Friday 19 and Easter Monday 22 April are skipped.
        (date(2019, 4, 1), 20, date(2019, 5, 1)),
        # First review: Easter is skipped, the early May holiday of 8 May 2020 not reached.
        (date(2020, 4, 1), 20, date(2020, 5, 1)),
        # First review: 1 May and 8 May 2023, the Coronation, are skipped.
        (date(2023, 4, 14), 20, date(2023, 5, 16)),
        # Initial conference after the strategy discussion: Christmas and New Year.
        (date(2019, 12, 12), 15, date(2020, 1, 7)),
        # Initial conference after the strategy discussion: 2 and 3 June 2022 were bank holidays.
        (date(2022, 5, 25), 15, date(2022, 6, 17)),
        # Core group after the initial conference: Christmas and New Year.
        (date(2019, 12, 19), 10, date(2020, 1, 7)),
        # Distribution of the record: no holiday on the way.
        (date(2020, 3, 2), 20, date(2020, 3, 30)),
        # Distribution of the record: Christmas and New Year.
        (date(2019, 12, 19), 20, date(2020, 1, 21)),
        # Distribution of the record: Easter; Monday 4 May 2020 was a working day.
        (date(2020, 4, 6), 20, date(2020, 5, 6)),
    ],
)
def test_worked_deadlines_in_working_days(event: date, count: int, due: date) -> None:
    assert working_days.add_working_days(event, count) == due
    assert working_days.working_days_between(event, due) == count


@pytest.mark.parametrize(
    ("event", "months", "due"),
    [
        # Second review after the first was held, and first review conference after the initial conference (two rows):
        # no 30 February, so the last day, in a leap year; a Saturday, and it stays.
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
        # Second review after the first was held.
        (date(2019, 7, 15), 3, date(2019, 10, 15)),
        # Later review.
        (date(2019, 10, 15), 6, date(2020, 4, 15)),
        # First review of secure accommodation: no 31 February.
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        # First adoption review before placement.
        (date(2019, 6, 3), 3, date(2019, 9, 3)),
    ],
)
def test_worked_deadlines_in_months(event: date, months: int, due: date) -> None:
    assert working_days.add_months(event, months) == due


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2019, 12, 31), 0, date(2019, 12, 31)),
        (date(2019, 12, 31), 1, date(2020, 1, 31)),  # Over the year's end.
        (date(2019, 11, 1), 1, date(2019, 12, 1)),  # Into December, the month that divides by twelve.
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2019, 11, 25), 1, date(2019, 12, 25)),  # Christmas Day stays.
        (date(2020, 3, 31), -1, date(2020, 2, 29)),
        (date(2020, 1, 15), -1, date(2019, 12, 15)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, expected: date) -> None:
    assert working_days.add_months(day, months) == expected


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2019, 4, 19), False),  # Good Friday.
        (date(2019, 4, 20), False),  # Saturday.
        (date(2019, 4, 21), False),  # Sunday.
        (date(2019, 4, 22), False),  # Easter Monday.
        (date(2019, 4, 23), True),  # Tuesday of the school holidays.
        (date(2019, 12, 24), True),  # Christmas Eve.
        (date(2019, 12, 25), False),
        (date(2020, 5, 4), True),  # The early May holiday of 2020 moved from here
        (date(2020, 5, 8), False),  # to here.
        (date(2021, 12, 27), False),  # Christmas Day 2021 was a Saturday
        (date(2021, 12, 28), False),  # and Boxing Day a Sunday.
        (date(2022, 5, 30), True),  # The spring holiday of 2022 moved from here
        (date(2022, 6, 2), False),  # to here.
        (date(2022, 6, 3), False),  # Platinum Jubilee.
        (date(2022, 9, 19), False),  # State funeral.
        (date(2023, 5, 1), False),
        (date(2023, 5, 8), False),  # Coronation.
        (date(2026, 6, 15), True),  # A bank holiday in Scotland alone.
        (date(2019, 7, 12), True),  # A bank holiday in Northern Ireland alone.
    ],
)
def test_a_day_is_a_working_day_or_not(day: date, working: bool) -> None:
    assert working_days.is_working_day(day) is working


def test_bank_holidays_agree_with_gov_uk() -> None:
    """The list bundled with govuk-bank-holidays covers 2012 to 2028; every weekday of those years agrees."""
    published = BankHolidays(use_cached_holidays=True)
    division = BankHolidays.ENGLAND_AND_WALES
    listed = [holiday["date"] for holiday in published.get_holidays(division=division)]
    first, last = date(2012, 1, 1), date(2028, 12, 31)
    # A newer bundle may drop old years or bring new ones: then the years above are to be looked at again.
    assert (min(listed).year, max(listed).year) == (first.year, last.year)

    every_day = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    differing = [
        day for day in every_day if working_days.is_working_day(day) != published.is_work_day(day, division=division)
    ]
    assert differing == []


def test_no_working_days_gives_the_day_itself_even_at_a_weekend() -> None:
    assert working_days.add_working_days(date(2019, 4, 20), 0) == date(2019, 4, 20)

    assert working_days.subtract_working_days(date(2019, 4, 20), 0) == date(2019, 4, 20)


@pytest.mark.parametrize("count", [working_days.add_working_days, working_days.subtract_working_days])
def test_working_days_are_not_counted_the_other_way(count: Callable[[date, int], date]) -> None:
    with pytest.raises(ValueError, match="-1 is below 0"):
        count(date(2019, 4, 1), -1)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2019, 4, 26), 3, date(2019, 4, 23)),
        (date(2019, 4, 24), 3, date(2019, 4, 17)),  # Over Easter.
        (date(2019, 4, 22), 1, date(2019, 4, 18)),  # From Easter Monday, over Good Friday.
        (date(2020, 1, 2), 5, date(2019, 12, 23)),  # Over New Year and Christmas; Christmas Eve is a working day.
        (date(2022, 6, 6), 1, date(2022, 6, 1)),  # Over two bank holidays and a weekend.
    ],
)
def test_working_days_before_a_day(day: date, count: int, expected: date) -> None:
    assert working_days.subtract_working_days(day, count) == expected


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2019, 4, 1), date(2019, 4, 1), 0),
        (date(2019, 4, 1), date(2019, 4, 2), 1),
        (date(2019, 4, 18), date(2019, 4, 23), 1),  # Easter lies between.
        (date(2019, 4, 20), date(2019, 4, 22), 0),
        (date(2019, 4, 23), date(2019, 4, 18), -1),
    ],
)
def test_working_days_between(start: date, end: date, count: int) -> None:
    assert working_days.working_days_between(start, end) == count


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 4, 1), date(2019, 4, 1)),
        (date(2019, 4, 19), date(2019, 4, 23)),  # Over Easter.
        (date(2020, 1, 1), date(2020, 1, 2)),  # The first working day of a quarter.
        (date(2022, 12, 24), date(2022, 12, 28)),  # A Saturday, Christmas Day on Sunday, and its day in lieu.
    ],
)
def test_first_working_day(day: date, expected: date) -> None:
    assert working_days.first_working_day(day) == expected


@given(days, st.integers(1, 60))
def test_a_deadline_in_working_days_is_a_working_day_and_counts_back(day: date, count: int) -> None:
    due = working_days.add_working_days(day, count)
    assert working_days.is_working_day(due)
    assert working_days.working_days_between(day, due) == count
    assert working_days.working_days_between(due - timedelta(days=1), due) == 1


@given(days, counts)
def test_counting_back_agrees_with_a_walk_day_by_day(day: date, count: int) -> None:
    earlier = (day - timedelta(days=back) for back in range(1, 200))
    walked = [day, *islice((before for before in earlier if working_days.is_working_day(before)), count)][-1]
    assert working_days.subtract_working_days(day, count) == walked


@given(days.filter(working_days.is_working_day), counts)
def test_between_a_working_day_and_one_counted_back_lie_so_many(day: date, count: int) -> None:
    earlier = working_days.subtract_working_days(day, count)
    assert working_days.working_days_between(earlier, day) == count
    assert working_days.add_working_days(earlier, count) == day


@given(days, counts, counts)
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    in_steps = working_days.add_working_days(working_days.add_working_days(day, first), second)
    assert in_steps == working_days.add_working_days(day, first + second)


@given(days, days)
def test_counting_the_other_way_changes_the_sign(start: date, end: date) -> None:
    # Short spans are as telling as years, and quicker.
    end = min(max(end, start - timedelta(days=90)), start + timedelta(days=90))
    assert working_days.working_days_between(start, end) == -working_days.working_days_between(end, start)


@given(days)
def test_the_first_working_day_is_at_most_four_days_off(day: date) -> None:
    found = working_days.first_working_day(day)
    assert working_days.is_working_day(found)
    assert timedelta(0) <= found - day <= timedelta(days=4)


@given(days, st.integers(0, 36))
def test_months_land_in_the_month_counted(day: date, months: int) -> None:
    landed = working_days.add_months(day, months)
    assert (landed.year * 12 + landed.month) - (day.year * 12 + day.month) == months
    # Either the same date, or the last of a month too short to have it.
    assert landed.day == day.day or (landed + timedelta(days=1)).day == 1
