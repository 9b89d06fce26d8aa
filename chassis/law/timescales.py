"""Time limits: so many working days, weeks or months from an event, and where that is written."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.law.working_days import add_months, add_working_days, subtract_working_days


class Unit(StrEnum):
    """What a time limit is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class Timescale:
    """A time limit: so many units after (or, below 0, before) an event, and where that is written.

    `earliest` is for what may be done only so many of the same units after the event.
    """

    count: int
    unit: Unit
    event: str
    source: str
    earliest: int = 0

    def due_on(self, event_on: date) -> date:
        """The last day, counted from the day of the event, which is day 0.

        A limit in months ends on the corresponding date, or on the month's last day where there is none, whether or
        not that is a working day. Source: the practice of the regulations that are cited.
        """
        return _counted(event_on, self.count, self.unit)

    def earliest_on(self, event_on: date) -> date:
        """The first day: that of the event, where nothing else is said."""
        return _counted(event_on, self.earliest, self.unit)

    def how_long(self) -> str:
        """How long before or after the event, in words."""
        unit = self.unit.replace("_", " ")
        unit = unit.removesuffix("s") if abs(self.count) == 1 else unit
        count = f"{self.earliest} to {self.count}" if self.earliest else str(abs(self.count))
        return f"{count} {unit} {'before' if self.count < 0 else 'after'}"

    def words(self) -> str:
        """The rule in a sentence fit to show."""
        return f"{self.how_long()} {self.event} ({self.source})"


def _counted(day: date, count: int, unit: Unit) -> date:
    match unit:
        case Unit.MONTHS:
            return add_months(day, count)
        case Unit.WEEKS:
            return day + timedelta(weeks=count)
        case Unit.DAYS:
            return day + timedelta(days=count)
        case Unit.WORKING_DAYS:
            return add_working_days(day, count) if count >= 0 else subtract_working_days(day, -count)


@dataclass(frozen=True)
class Owed:
    """Something that is due: what, the last day, and the rule in words."""

    kind: str
    due_on: date
    rule: str


def in_months(count: int, event: str, source: str) -> Timescale:
    """A time limit in calendar months."""
    return Timescale(count, Unit.MONTHS, event, source)


def in_working_days(count: int, event: str, source: str) -> Timescale:
    """A time limit in working days of England and Wales."""
    return Timescale(count, Unit.WORKING_DAYS, event, source)


def midpoint(held_on: date, next_due_on: date) -> date:
    """The day halfway between a meeting and the day on which the next one is due, rounded down to a whole day.

    Source: common practice; a chair checks halfway how the plan goes on.
    """
    return held_on + (next_due_on - held_on) // 2
