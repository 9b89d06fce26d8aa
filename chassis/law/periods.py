"""A reporting period as a value: one parser of its label, one set of its boundaries."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class NoPeriod(ValueError):
    """What was asked for is no period; the message says so in a sentence fit to show."""


class PeriodKind(StrEnum):
    """The kinds of period in use; quarters and halves are those of the financial year, weeks are ISO weeks."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    WEEK = "week"


_ONE_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_FIRST_FINANCIAL_YEAR = 2012
_FORMS = (
    "Write a month as 2019-04, a quarter as 2019-Q1 (April to June 2019), a half year as 2019-H1 (April to September "
    "2019), a financial year as 2019-20 (from 2012-13 on), a calendar year as 2019 or a week as 2026-W48."
)
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Not \d, which takes the digits of every script.
_LABEL = re.compile(
    "(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>[0-9]{2})|(?P<tail>[0-9]{2})))?"
)
_LABELS = {
    PeriodKind.MONTH: "{year}-{number:02d}",
    PeriodKind.QUARTER: "{year}-Q{number}",
    PeriodKind.HALF: "{year}-H{number}",
    PeriodKind.FINANCIAL_YEAR: "{year}-{tail:02d}",
    PeriodKind.CALENDAR_YEAR: "{year}",
    PeriodKind.WEEK: "{year}-W{number:02d}",
}
# For each kind made of months: how many months after January its year opens, and how many months it lasts.
_MONTHS = {
    PeriodKind.MONTH: (0, 1),
    PeriodKind.QUARTER: (3, 3),
    PeriodKind.HALF: (3, 6),
    PeriodKind.FINANCIAL_YEAR: (3, 12),
    PeriodKind.CALENDAR_YEAR: (0, 12),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole days, the first and the last included; made by `parse` and `period_of` alone."""

    kind: PeriodKind
    label: str
    first: date
    last: date

    def next(self) -> "Period":
        """The period of the same kind that begins the day after this one ends."""
        return period_of(self.kind, self.last + _ONE_DAY)

    def previous(self) -> "Period":
        """The period of the same kind that ends the day before this one begins."""
        return period_of(self.kind, self.first - _ONE_DAY)

    def name(self) -> str:
        """The period in plain words, as an email says it: "April to June 2019"."""
        # Not strftime, whose month names follow the machine's locale.
        first, last = _MONTH_NAMES[self.first.month - 1], _MONTH_NAMES[self.last.month - 1]
        match self.kind:
            case PeriodKind.MONTH:
                return f"{first} {self.first.year}"
            case PeriodKind.QUARTER | PeriodKind.HALF:
                since = first if self.first.year == self.last.year else f"{first} {self.first.year}"
                return f"{since} to {last} {self.last.year}"
            case PeriodKind.FINANCIAL_YEAR | PeriodKind.CALENDAR_YEAR:
                return self.label
            case PeriodKind.WEEK:
                return f"the week of {self.first.day} {first} {self.first.year}"


def parse(label: str) -> Period:
    """The period with this label, or NoPeriod.

    A month is `2019-04`; a quarter `2019-Q1`, April to June 2019, so `2019-Q4` is January to March 2020; a half
    `2019-H1`, April to September 2019; a financial year `2019-20`; a calendar year `2019`; an ISO week, Monday to
    Sunday, `2026-W48`. Years run from 1900 to 2099.

    Two digits after the hyphen are a month when they are 01 to 12: `2009-10` is October 2009. Financial years before
    2012-13 therefore have no label, and there is no period for them.
    """
    if not (written := _LABEL.fullmatch(label)):
        raise NoPeriod(f"{label!r} is not a period. {_FORMS}")
    year, found = int(written["year"]), written.lastgroup or "year"
    if found == "year":
        return _period(PeriodKind.CALENDAR_YEAR, year, 1)
    number = int(written[found])
    if found != "tail":
        return _period(PeriodKind(found), year, number)
    if 1 <= number <= 12:
        return _period(PeriodKind.MONTH, year, number)
    if number != (year + 1) % 100:
        raise NoPeriod(f"{label!r} is neither a month nor a financial year. {_FORMS}")
    return _period(PeriodKind.FINANCIAL_YEAR, year, 1)


def period_of(kind: PeriodKind, day: date) -> Period:
    """The one period of a kind that contains a day; NoPeriod outside the years for which there are labels."""
    if kind is PeriodKind.WEEK:
        # The days around New Year may belong to a week of the year before or after.
        year, number, _ = day.isocalendar()
        return _period(kind, year, number)
    opening, span = _MONTHS[kind]
    year, month = divmod(day.year * 12 + day.month - 1 - opening, 12)
    return _period(kind, year, month // span + 1)


def within(kind: PeriodKind, first: date, last: date) -> list[Period]:
    """The periods of a kind that make up a range of days exactly, in order; `NoPeriod` if none do."""
    parts = [period_of(kind, first)]
    while parts[-1].last < last:
        parts.append(parts[-1].next())
    if parts[0].first != first or parts[-1].last != last:
        raise NoPeriod(f"{first} to {last} is not made up of whole periods of the kind {kind.replace('_', ' ')}.")
    return parts


def _period(kind: PeriodKind, year: int, number: int) -> Period:
    """The period that is number `number` of its kind, from 1, in the year that gives it its label."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NoPeriod(f"There are periods for {_FIRST_YEAR} to {_LAST_YEAR} alone, not for {year}.")
    if kind is PeriodKind.FINANCIAL_YEAR and year < _FIRST_FINANCIAL_YEAR:
        raise NoPeriod(
            f"There are financial years from 2012-13 on, not for the one that began in April {year}: "
            "the last two digits of earlier ones could be taken for a month."
        )
    label = _LABELS[kind].format(year=year, number=number, tail=(year + 1) % 100)
    if kind is PeriodKind.WEEK:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            raise NoPeriod(f"There is no week {number} in {year}: a year has 52 weeks or 53, from W01.") from None
        return Period(kind, label, monday, monday + timedelta(days=6))
    opening, span = _MONTHS[kind]
    start = year * 12 + opening + (number - 1) * span
    return Period(kind, label, _first_of(start), _first_of(start + span) - _ONE_DAY)


def _first_of(months: int) -> date:
    """The first day of a month counted from January of the year 0."""
    return date(months // 12, months % 12 + 1, 1)
