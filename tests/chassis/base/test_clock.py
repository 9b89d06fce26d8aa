"""The clock gives aware moments, and days in Europe/London."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.base import clock


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2019, 6, 30, 22, 59, tzinfo=UTC), date(2019, 6, 30)),  # Summer time: one minute to midnight.
        (datetime(2019, 6, 30, 23, 0, tzinfo=UTC), date(2019, 7, 1)),  # Summer time: midnight in London.
        (datetime(2019, 12, 31, 23, 59, tzinfo=UTC), date(2019, 12, 31)),  # Winter: London keeps UTC.
        (datetime(2020, 3, 29, 0, 30, tzinfo=UTC), date(2020, 3, 29)),  # Half an hour before the clocks go forward.
    ],
)
def test_a_moment_falls_on_its_day_in_london(moment: datetime, day: date) -> None:
    assert clock.london_day(moment) == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2019, 7, 1), datetime(2019, 6, 30, 23, tzinfo=UTC)),
        (date(2019, 12, 1), datetime(2019, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_london(day: date, moment: datetime) -> None:
    assert clock.start_of(day) == moment


def test_the_councils_clock_can_be_moved_and_the_machines_cannot() -> None:
    before, machine = clock.now(), clock.machine_now()
    with clock.shifted(timedelta(days=-2000)):
        assert before - clock.now() >= timedelta(days=1999)
        assert clock.machine_now() - machine < timedelta(seconds=10)
        assert clock.today() == clock.london_day(clock.now())
    assert clock.now() - before < timedelta(seconds=10)
