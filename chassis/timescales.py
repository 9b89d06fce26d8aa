"""Time limits: so many working days, weeks or months from an event, and where that is written."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.working_days import add_months, add_working_days, subtract_working_days


class Unit(StrEnum):
    """What a time limit is counted in."""

    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class Timescale:
    """A time limit: so many units after (or, below 0, before) an event, and where that is written."""

    count: int
    unit: Unit
    event: str
    source: str

    def due_on(self, event_on: date) -> date:
        """The last day, counted from the day of the event, which is day 0.

        A limit in months ends on the corresponding date, or on the month's last day where there is none, whether or
        not that is a working day. Source: the practice of the regulations that are cited.
        """
        match self.unit:
            case Unit.MONTHS:
                return add_months(event_on, self.count)
            case Unit.WEEKS:
                return event_on + timedelta(weeks=self.count)
            case Unit.WORKING_DAYS if self.count < 0:
                return subtract_working_days(event_on, -self.count)
            case Unit.WORKING_DAYS:
                return add_working_days(event_on, self.count)

    def words(self) -> str:
        """The rule in a sentence fit to show."""
        unit = self.unit.replace("_", " ")
        unit = unit.removesuffix("s") if abs(self.count) == 1 else unit
        return f"{abs(self.count)} {unit} {'before' if self.count < 0 else 'after'} {self.event} ({self.source})"


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
