"""Counts working days and calendar months, with the bank holidays of England and Wales."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache

from holidays import country_holidays

_ONE_DAY = timedelta(days=1)
# The same few days are asked for again and again: with each meeting for each of its children and their deadlines.
_remembered = lru_cache(maxsize=4096)


def is_working_day(day: date) -> bool:
    """Whether a day is a working day.

    A working day is not a Saturday, Sunday, Christmas Day, Good Friday or a bank holiday in England and Wales
    (Banking and Financial Dealings Act 1971). Christmas Eve and school holidays are working days.
    """
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day that is `count` working days (0 or more) after the day of an event.

    The day of the event is day 0 and is not counted, whether or not it is a working day; 0 gives that day itself.
    """
    return _counted(day, count, _ONE_DAY)


def subtract_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days (0 or more) before a day.

    The day itself is not counted, whether or not it is a working day; 0 gives that day itself.
    """
    return _counted(day, count, -_ONE_DAY)


@_remembered
def _counted(day: date, count: int, step: timedelta) -> date:
    if count < 0:
        raise ValueError(f"Working days are counted from 0 on: {count} is below 0.")
    while count:
        day += step
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """The number of working days after `start`, up to and including `end`.

    Below 0 when `end` is before `start`: the same two days the other way round, with the sign changed.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=ahead)) for ahead in range(1, (end - start).days + 1))


def first_working_day(day: date) -> date:
    """The day itself when it is a working day, otherwise the next one that is."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


@_remembered
def add_months(day: date, months: int) -> date:
    """The corresponding date `months` calendar months later (earlier when below 0).

    A month without that date gives its last day: 30 November and 3 months is 28 or 29 February. A day that is not a
    working day stays, since what is due must be done before it; so bank holidays play no part here.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# Up to 2028 the package's days were compared with those announced on GOV.UK; later years are worked out by rule. A
# one-off day such as a coronation may still be declared in any year: a new release of the package brings it.
# Good Friday and Christmas Day are common law holidays, not bank holidays; the package lists them with the others.
@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # The package keeps England and Wales apart, with the same days in both.
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
