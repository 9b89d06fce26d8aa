"""Counts working days and calendar months, with the bank holidays of England and Wales."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache

from holidays import country_holidays

# Up to here the package's days were compared with those announced on GOV.UK. Later years are worked out by rule, and a
# one-off day such as a coronation may still be declared in any year: callers pass those as `extra`.
BANK_HOLIDAYS_KNOWN_UNTIL = date(2028, 12, 31)

_ONE_DAY = timedelta(days=1)
# The same few days are asked for again and again: with each meeting for each of its children and their deadlines.
_remembered = lru_cache(maxsize=4096)


def bank_holidays_known_until() -> date:
    """The last day for which the bank holidays were checked; after it they are worked out by rule, not announced."""
    return BANK_HOLIDAYS_KNOWN_UNTIL


def is_working_day(day: date, *, extra: frozenset[date] = frozenset()) -> bool:
    """Whether a day is a working day.

    A working day is not a Saturday, Sunday, Christmas Day, Good Friday or a bank holiday in England and Wales
    (Banking and Financial Dealings Act 1971). Christmas Eve and school holidays are working days. `extra` holds bank
    holidays declared since the software was released.
    """
    return day.weekday() < 5 and day not in extra and day not in _bank_holidays(day.year)


@_remembered
def add_working_days(day: date, count: int, *, extra: frozenset[date] = frozenset()) -> date:
    """The day that is `count` working days (0 or more) after the day of an event.

    The day of the event is day 0 and is not counted, whether or not it is a working day; 0 gives that day itself.
    """
    if count < 0:
        raise ValueError(f"Working days are counted forward from a day: {count} is below 0.")
    while count:
        day += _ONE_DAY
        count -= is_working_day(day, extra=extra)
    return day


@_remembered
def subtract_working_days(day: date, count: int, *, extra: frozenset[date] = frozenset()) -> date:
    """The day that lies `count` working days (0 or more) before a day.

    The day itself is not counted, whether or not it is a working day; 0 gives that day itself.
    """
    if count < 0:
        raise ValueError(f"Working days are counted back from a day: {count} is below 0.")
    while count:
        day -= _ONE_DAY
        count -= is_working_day(day, extra=extra)
    return day


def working_days_between(start: date, end: date, *, extra: frozenset[date] = frozenset()) -> int:
    """The number of working days after `start`, up to and including `end`.

    Below 0 when `end` is before `start`: the same two days the other way round, with the sign changed.
    """
    if end < start:
        return -working_days_between(end, start, extra=extra)
    following = (start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1))
    return sum(is_working_day(day, extra=extra) for day in following)


def first_working_day(day: date, *, extra: frozenset[date] = frozenset()) -> date:
    """The day itself when it is a working day, otherwise the next one that is."""
    while not is_working_day(day, extra=extra):
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


# Good Friday and Christmas Day are common law holidays, not bank holidays; the package lists them with the others.
@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # The package keeps England and Wales apart, with the same days in both.
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
