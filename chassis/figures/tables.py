"""How rows that were counted become a table: every period has its row, and small numbers can be left out.

Small numbers identify people. Counts under a threshold are left out, and of what adds up to something that is shown so
many others that none can be worked out; each sum is looked at by itself. Source: the practice of published statistics.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, Field

from chassis.law.periods import Period, PeriodKind

# What the rows of a table can be, besides what each table has of its own.
PERIODS: dict[str, PeriodKind] = {kind: kind for kind in PeriodKind if kind is not PeriodKind.WEEK}


class Restart(StrEnum):
    """When cumulative counts begin again."""

    CALENDAR_YEAR = "calendar_year"
    FINANCIAL_YEAR = "financial_year"

    def first_day(self, period: Period) -> date:
        """The first day of the year in which a period begins."""
        return date(self.year_of(period), 4 if self is Restart.FINANCIAL_YEAR else 1, 1)

    def year_of(self, period: Period) -> int:
        """The year in which a period begins."""
        before_april = self is Restart.FINANCIAL_YEAR and period.first.month < 4
        return period.first.year - before_april


class Figures(BaseModel):
    """A row of a table of figures; the one without a key is the total."""

    # Of how few it is, and what `cumulative` adds up; `cumulative_reviews` adds up `reviews`.
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


# A row by its place in the table, and a field.
Cell = tuple[int, str]
AnyCell = TypeVar("AnyCell", bound=Hashable)


@dataclass(frozen=True)
class Sum(Generic[AnyCell]):
    """Cells that add up to another."""

    whole: AnyCell
    parts: Sequence[AnyCell]

    def gives_away(self, hidden: Collection[AnyCell], counts: Mapping[AnyCell, int], below: int) -> bool:
        """Whether what is hidden in it can be worked out from what is not, or is known to be small."""
        gone = [part for part in self.parts if part in hidden]
        if self.whole in hidden:
            return not gone
        return len(gone) == 1 or 0 < sum(counts[part] for part in gone) < below

    def another(self, hidden: Collection[AnyCell], counts: Mapping[AnyCell, int]) -> AnyCell | None:
        """The next smallest part to hide, one that is 0 last, if there is any left."""
        left = [part for part in self.parts if part not in hidden]
        return min(left, key=lambda part: (counts[part] == 0, counts[part]), default=None)


def leave_out_small(rows: Sequence[Figures], below: int, *, apart: Collection[str] = ()) -> None:
    """Leave out of a table, its total last, what is told of 1 person or more, but of fewer than `below`.

    A row about so few keeps its key alone. Rows do not add up to the total in the fields that are `apart`.
    """
    shape, total = type(rows[-1]), len(rows) - 1

    def downwards(field: str) -> Sum[Cell]:
        return Sum((total, field), [(at, field) for at in range(total)])

    known_by = _counts(rows, [shape.KNOWN_BY])
    few = {at for at, _ in hidden_cells([downwards(shape.KNOWN_BY)], known_by, below)}
    across = [(at, whole, parts) for at in range(len(rows)) if at not in few for whole, parts in shape.SUMS]
    sums = [downwards(field) for field in sorted(shape.OF_PEOPLE.difference(apart))]
    sums += [Sum((at, whole), [(at, part) for part in parts]) for at, whole, parts in across]
    of_few = {(at, field) for at in few for field in shape.OF_PEOPLE}
    hidden = hidden_cells(sums, _counts(rows, shape.OF_PEOPLE), below, of_few)
    for at, row in enumerate(rows):
        gone = {field for field in shape.model_fields if at in few or (at, field) in hidden} - {"key"}
        gone |= {rate for rate, counted in shape.RATES.items() if gone.intersection(counted)}
        for field in gone:
            setattr(row, field, None)
    for cumulative, counted_up in _counted_up(shape).items():
        if any(getattr(row, counted_up) is None for row in rows):
            for row in rows:
                setattr(row, cumulative, None)


def leave_out_counts(rows: Sequence[Any], below: int) -> None:
    """Leave out of rows that have no total each count of children below `below`, and what would tell it in its row."""
    shape = type(rows[0])
    sums = [Sum((at, whole), [(at, part) for part in parts]) for at in range(len(rows)) for whole, parts in shape.SUMS]
    for at, field in hidden_cells(sums, _counts(rows, shape.OF_PEOPLE), below):
        setattr(rows[at], field, None)


def _counts(rows: Sequence[Any], fields: Iterable[str]) -> dict[Cell, int]:
    return {(at, field): getattr(row, field) or 0 for field in fields for at, row in enumerate(rows)}


def hidden_cells(
    sums: Iterable[Sum[AnyCell]],
    counts: Mapping[AnyCell, int],
    below: int,
    already: Collection[AnyCell] = (),
    *,
    among: Collection[AnyCell] | None = None,
) -> set[AnyCell]:
    """The cells that are small, and as many others as keep each of them from being worked out.

    `among` are those that are left out because they are small; all of them by default.
    """
    sums = list(sums)
    hidden = {cell for cell in (counts if among is None else among) if 0 < counts[cell] < below}.union(already)
    settled = False
    while not settled:
        settled = True
        for addition in sums:
            while addition.gives_away(hidden, counts, below) and (found := addition.another(hidden, counts)):
                hidden.add(found)
                settled = False
    return hidden


T = TypeVar("T", bound=Figures)


def table(
    shape: type[T],
    found: Sequence[Any],
    periods: Sequence[Period] | None,
    *,
    suppress_below: int | None,
    apart: Collection[str] = (),
    restart: Restart | None = None,
) -> list[T]:
    """The rows of a table, the total last: what was not found is 0, and what has no key is in the total alone.

    `found` are rows with `key`, `total` and the counts; where rows are `periods`, each of these has one, and counts are
    added up over them. `suppress_below` leaves out counts that could identify somebody; `apart` names the fields whose
    rows do not add up to the total; `restart` says when counting up begins again.
    """
    by_key = {row["key"]: row for row in found if not row["total"]}
    keys = [key for key in by_key if key is not None] if periods is None else [period.label for period in periods]
    rows = [_row(shape, key, by_key.get(key)) for key in keys]
    if periods is not None:
        for cumulative, counted_up in _counted_up(shape).items():
            _count_up(
                rows, cumulative, counted_up, [restart.year_of(period) if restart else None for period in periods]
            )
    rows.append(_row(shape, None, next((row for row in found if row["total"]), None)))
    if suppress_below is not None:
        leave_out_small(rows, suppress_below, apart=apart)
    return rows


def _counted_up(shape: type[Figures]) -> dict[str, str]:
    """The fields that count up, and what they count up."""
    named = [name for name in shape.model_fields if name.startswith("cumulative_")]
    return {"cumulative": shape.ADDED_UP} | {name: name.removeprefix("cumulative_") for name in named}


def _count_up(rows: Sequence[Figures], cumulative: str, counted_up: str, years: Sequence[int | None]) -> None:
    """Count a field up over rows, anew in each of their years."""
    so_far: dict[int | None, int] = {}
    for row, year in zip(rows, years, strict=True):
        so_far[year] = so_far.get(year, 0) + getattr(row, counted_up)
        setattr(row, cumulative, so_far[year])


def _row(shape: type[T], key: str | None, found: Any) -> T:
    nothing = _nothing(shape)
    numbers = nothing if found is None else {name: found[name] for name in nothing}
    unknown = dict.fromkeys(shape.model_fields.keys() - nothing.keys())
    return shape(**unknown | {"key": key} | numbers)


@cache
def _nothing(shape: type[Figures]) -> dict[str, int | None]:
    """What a row says that counted nothing: 0, and no rate."""
    counts = dict.fromkeys((name for name, field in shape.model_fields.items() if field.annotation == int | None), 0)
    rates = dict.fromkeys(name for name, field in shape.model_fields.items() if field.annotation == float | None)
    added_up = {name for name in counts if name.startswith("cumulative")}
    return {name: value for name, value in (counts | rates).items() if name not in added_up}
