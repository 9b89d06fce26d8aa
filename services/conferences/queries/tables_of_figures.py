"""How rows that were counted become a table: every period has its row, and small numbers can be left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from chassis.figures import Figures, accumulate, periods_between, suppress
from chassis.periods import PeriodKind

T = TypeVar("T", bound=Figures)
# Periods by the names that tables give them.
PERIODS = {
    "month": PeriodKind.MONTH,
    "quarter": PeriodKind.QUARTER,
    "half": PeriodKind.HALF,
    "financial_year": PeriodKind.FINANCIAL_YEAR,
    "calendar_year": PeriodKind.CALENDAR_YEAR,
}


@dataclass(frozen=True)
class Span:
    """The days that a table is about, both included, and what its rows are."""

    by: str
    first: date
    last: date

    def keys(self, found: Mapping[str, Any]) -> list[str]:
        """The keys of the rows: those that were found, or every period, `NoPeriod` if the days are not made of them."""
        kind = PERIODS.get(self.by)
        return list(found) if kind is None else [one.label for one in periods_between(kind, self.first, self.last)]


def table(
    shape: type[T],
    found: Sequence[Any],
    span: Span,
    *,
    counted: str,
    suppress_below: int | None,
    added_up: str | None = None,
) -> list[T]:
    """The rows of a table, the total last: what was not found is 0.

    `found` are rows with `key`, `total` and the counts; `counted` names the count by which a small row is known, and
    `added_up` the one that is added up over periods, if that is another one.
    """
    by_key = {one["key"]: one for one in found if not one["total"]}
    rows = [_row(shape, key, by_key.get(key)) for key in span.keys(by_key)]
    if span.by in PERIODS:
        accumulate(rows, added_up or counted)
    rows.append(_row(shape, None, next((one for one in found if one["total"]), None)))
    if suppress_below is not None:
        suppress(rows, counted, suppress_below)
    return rows


def _row(shape: type[T], key: str | None, found: Any) -> T:
    nothing = _nothing(shape)
    numbers = nothing if found is None else {name: found[name] for name in nothing}
    unknown = dict.fromkeys(shape.model_fields.keys() - nothing.keys())
    return shape(**unknown | {"key": key} | numbers)


@cache
def _nothing(shape: type[Figures]) -> dict[str, int | None]:
    """What a row says that counted nothing: 0, and no rate."""
    counts = dict.fromkeys((name for name, one in shape.model_fields.items() if one.annotation == int | None), 0)
    rates = dict.fromkeys(name for name, one in shape.model_fields.items() if one.annotation == float | None)
    added_up = {name for name in counts if name.startswith("cumulative")}
    return {name: value for name, value in (counts | rates).items() if name not in added_up}
