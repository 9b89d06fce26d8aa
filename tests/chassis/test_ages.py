"""When childhood ends."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chassis.ages import ADULT_AGE, adult_on, age_on, is_adult


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_a_child_is_one_until_the_day_before_the_eighteenth_birthday(born: date) -> None:
    birthday = adult_on(born)
    assert is_adult(born, birthday)
    assert not is_adult(born, birthday - timedelta(days=1))
    assert age_on(born, birthday) == ADULT_AGE
    assert age_on(born, birthday - timedelta(days=1)) == ADULT_AGE - 1


def test_nobody_is_an_adult_before_they_are_born() -> None:
    assert not is_adult(None, date(2020, 1, 1))
