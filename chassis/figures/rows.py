"""What every table of figures needs: the shape of a row, its periods' keys in SQL, and the periods of a range."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import BaseModel, Field

from chassis.base.problems import Invalid
from chassis.law.periods import NoPeriod, Period, PeriodKind, parse, period_of

FORMS = "A month `2019-04`, quarter `2019-Q1` (April to June), half `2019-H1`, financial year `2019-20` or year `2019`."

# What the rows of a table can be, besides what each table has of its own.
PERIODS: dict[str, PeriodKind] = {kind: kind for kind in PeriodKind if kind is not PeriodKind.WEEK}


class Figures(BaseModel):
    """A row of a table of figures; the one without a key is the total."""

    # Of how few it is, and what `cumulative` adds up.
    KNOWN_BY: ClassVar[str]
    ADDED_UP: ClassVar[str]
    # The counts that tell something of people, those that add up to another, and the rates with what they are made of.
    OF_PEOPLE: ClassVar[frozenset[str]] = frozenset()
    SUMS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    RATES: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    key: str | None = Field(description="The month, agency, theme or whatever the table is by; null is the total.")
    cumulative: int | None = Field(description="Counted up to and with this row, where rows are periods.")


def period_key(kind: PeriodKind, day: str) -> str:
    """The SQL expression of the label of the period of a kind in which a day (an SQL expression) falls."""
    # Financial years begin in April, so that three months earlier their quarters are those of a calendar year.
    shifted = f"({day} - interval '3 months')"
    return {
        PeriodKind.MONTH: f"to_char({day}, 'YYYY-MM')",
        PeriodKind.QUARTER: f"to_char({shifted}, 'YYYY-\"Q\"Q')",
        PeriodKind.HALF: f"to_char({shifted}, 'YYYY-\"H\"') || "
        f"CASE WHEN extract(month FROM {shifted}) <= 6 THEN 1 ELSE 2 END",
        PeriodKind.FINANCIAL_YEAR: f"to_char({shifted}, 'YYYY') || '-' || to_char({shifted} + interval '1 year', 'YY')",
        PeriodKind.CALENDAR_YEAR: f"to_char({day}, 'YYYY')",
    }[kind]


def period_named(field: str, text: str) -> Period:
    """The period that a field of a query names; `Invalid` if it is none."""
    try:
        return parse(text)
    except NoPeriod as error:
        raise Invalid.field(field, "period", str(error)) from None


def periods_of(by: str, first: date, last: date) -> list[Period] | None:
    """The periods that the rows of a table are, `None` if they are something else; `NoPeriod` as below."""
    return periods_between(PERIODS[by], first, last) if by in PERIODS else None


def periods_between(kind: PeriodKind, first: date, last: date) -> list[Period]:
    """The periods of a kind that make up a range of days exactly, in order; `NoPeriod` if they do not."""
    parts = [period_of(kind, first)]
    while parts[-1].last < last:
        parts.append(parts[-1].next())
    if parts[0].first != first or parts[-1].last != last:
        raise NoPeriod(f"These days are not made up of whole periods of the kind {kind.replace('_', ' ')}.")
    return parts
