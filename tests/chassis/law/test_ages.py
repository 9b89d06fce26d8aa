"""When childhood ends."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chassis.law.ages import ADULT_AGE, adult_on, age_on, childhood_violation, childhoods_violation, is_adult


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_a_child_is_one_until_the_day_before_the_eighteenth_birthday(born: date) -> None:
    birthday = adult_on(born)
    assert is_adult(born, birthday)
    assert not is_adult(born, birthday - timedelta(days=1))
    assert age_on(born, birthday) == ADULT_AGE
    assert age_on(born, birthday - timedelta(days=1)) == ADULT_AGE - 1


def test_nobody_is_an_adult_before_they_are_born() -> None:
    assert not is_adult(None, date(2020, 1, 1))


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(-400, 400))
def test_a_meeting_about_a_child_is_before_the_eighteenth_birthday(born: date, days: int) -> None:
    day = adult_on(born) + timedelta(days=days)
    refused = childhood_violation("planned_on", born, day)
    assert (refused is not None) == (days >= 0)
    assert refused is None or (refused.field, refused.rule) == ("planned_on", "childhood")


def test_a_meeting_about_an_unborn_child_is_on_any_day() -> None:
    assert childhood_violation("planned_on", None, date(2020, 1, 1)) is None


def test_a_meeting_about_several_is_refused_once_nobody_is_a_child() -> None:
    elder, younger = date(2002, 5, 1), date(2004, 5, 1)
    assert childhoods_violation("planned_on", [elder, younger], date(2022, 4, 30)) is None
    refused = childhoods_violation("planned_on", [elder, younger], date(2022, 5, 1))
    assert refused == childhood_violation("planned_on", elder, date(2022, 5, 1))
    assert childhoods_violation("planned_on", [elder, None], date(2022, 5, 1)) is None
