"""What every table of figures needs: its periods' keys in SQL, the periods of a range, and small numbers left out."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, Field

from chassis.periods import NoPeriod, Period, PeriodKind, parse, period_of
from chassis.problems import Invalid

FORMS = "A month `2019-04`, quarter `2019-Q1` (April to June), half `2019-H1`, financial year `2019-20` or year `2019`."


class Figures(BaseModel):
    """A row of a table of figures; the one without a key is the total."""

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


def periods_between(kind: PeriodKind, first: date, last: date) -> list[Period]:
    """The periods of a kind that make up a range of days exactly, in order; `NoPeriod` if they do not."""
    parts = [period_of(kind, first)]
    while parts[-1].last < last:
        parts.append(parts[-1].next())
    if parts[0].first != first or parts[-1].last != last:
        raise NoPeriod(f"These days are not made up of whole periods of the kind {kind.replace('_', ' ')}.")
    return parts


def suppress(rows: Sequence[Figures], counted: str, below: int) -> None:
    """Leave out small counts, and the next smallest one where a single gap could be worked out from the total.

    `counted` names the field whose size decides; a row that is left out keeps its key alone, and what adds up over
    rows (`cumulative`) is left out of all.
    """

    def count(row: Figures) -> int:
        return getattr(row, counted) or 0

    parts = [row for row in rows if row.key is not None]
    small = [row for row in parts if 0 < count(row) < below]
    if len(small) == 1:
        small += sorted((row for row in parts if count(row) and row not in small), key=count)[:1]
    # A total as small as that says as much as its parts.
    small += [row for row in rows if row.key is None and 0 < count(row) < below]
    for row in small:
        for name in set(type(row).model_fields) - {"key"}:
            setattr(row, name, None)
    if small:
        for row in rows:
            row.cumulative = None


def accumulate(rows: Sequence[Figures], counted: str) -> None:
    """Add up over rows that are periods."""
    so_far = 0
    for row in rows:
        so_far += getattr(row, counted) or 0
        row.cumulative = so_far
