"""How the answers of the services that count become the rows of a table of indicators."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.figures.tables import Restart
from chassis.law.periods import parse
from services.reports.indicators.asking import Answer, Question
from services.reports.indicators.cells import Cell
from services.reports.indicators.definitions import OF_A_DAY, Indicator
from services.reports.indicators.wanted import Wanted

OTHER = "Other"
Counts = dict[Cell, float]
Days = tuple[date, date]


@dataclass(frozen=True)
class Value:
    """A number of a table: a sum of cells, their share of others, or their growth since then."""

    cells: tuple[Cell, ...]
    of: tuple[Cell, ...] = ()
    is_growth: bool = False

    def number(self, counts: Mapping[Cell, float]) -> float | None:
        """It, from what was counted; None where that is not known."""
        if not self.cells or any(cell not in counts for cell in (*self.cells, *self.of)):
            return None
        part, whole = sum(counts[cell] for cell in self.cells), sum(counts[cell] for cell in self.of)
        if not self.of:
            return part
        return round((part - whole * self.is_growth) / whole, 4) if whole else None


NOTHING = Value(())
# By key; that without one is the total.
Values = dict[str | None, Value]


class Rows:
    """The rows of one table. What its cells count is kept where the other tables of the report find it as well."""

    def __init__(self, wanted: Wanted, answers: Mapping[Question, Answer], counts: Counts) -> None:
        self._wanted, self._answers, self._counts = wanted, answers, counts
        first = next(wanted.definitions())
        rows = self._answer(first).rows
        few = {row["key"] for row in rows if (row.get(first.count) or 0) < wanted.other_below}
        self._others = few - {None} if not wanted.has_periods() else set()

    def values(self, indicator: Indicator) -> Values:
        """An indicator in each row."""
        rows = self._grouped(self._answer(indicator).rows, indicator)
        if not any(row["key"] is None for row in rows) and rows:
            rows.append({"key": None} | self._total(rows, indicator))
        return {row["key"]: self._value(indicator, row["key"], row, self._wanted.days()) for row in rows}

    def cumulative(self, indicator: Indicator, values: Values, restart: Restart) -> Values:
        """The same counted up, anew in each year, of which the first may have begun before the first row."""
        found: Values = {}
        so_far: dict[int, tuple[Cell, ...]] = {}
        run_up = self._wanted.run_up()
        earlier = Rows(run_up, self._answers, self._counts).values(indicator) if run_up else {}
        for key, value in [*earlier.items(), *values.items()]:
            if key is not None:
                year = restart.year_of(parse(key))
                so_far[year] = so_far.get(year, ()) + value.cells
                found[key] = Value(so_far[year])
        return {key: found[key] for key in values if key is not None}

    def before(self, indicator: Indicator) -> Values:
        """An indicator one period earlier, beside each row."""
        days = self._wanted.days_before()
        rows = self._answer(indicator).compared or []
        return {row.key: self._value(indicator, row.before_key, row.before, days) for row in rows}

    def _answer(self, indicator: Indicator) -> Answer:
        return self._answers[self._wanted.question(indicator)]

    def _value(self, indicator: Indicator, key: str | None, row: Mapping[str, Any], days: Days) -> Value:
        def cells(fields: Iterable[str]) -> tuple[Cell, ...]:
            return tuple(self._cell(indicator, field, key, row, days) for field in fields)

        return Value(cells([indicator.count]), cells(indicator.of))

    def _cell(self, indicator: Indicator, field: str, key: str | None, row: Mapping[str, Any], days: Days) -> Cell:
        by = ""
        if key is not None and self._wanted.has_periods():
            period, key = parse(key), None
            days = (period.first, period.last)
        elif key is not None:
            by = self._wanted.by
        cell = Cell(indicator.table, field, self._wanted.question(indicator).only, *days, by, key or "")
        if (count := row.get(field)) is not None:
            # What was counted first stays, so that nothing that happens meanwhile makes two tables disagree.
            self._counts.setdefault(cell, count)
        return cell

    def _grouped(self, rows: Sequence[dict[str, Any]], indicator: Indicator) -> list[dict[str, Any]]:
        small = [row for row in rows if row["key"] in self._others]
        left = [row for row in rows if row not in small]
        if not small:
            return left
        together = {"key": OTHER} | _added(small, (indicator.count, *indicator.of))
        return [*left[:-1], together, left[-1]]

    def _total(self, rows: Sequence[dict[str, Any]], indicator: Indicator) -> dict[str, Any]:
        """The total of a table without one: of what happened all rows, of what is so on a day the last."""
        fields = (indicator.count, *indicator.of)
        return rows[-1] | {"key": None} if OF_A_DAY.intersection(fields) else _added(rows, fields)


def _added(rows: Sequence[Mapping[str, Any]], fields: Iterable[str]) -> dict[str, Any]:
    return {
        field: sum(row[field] for row in rows) for field in fields if all(row.get(field) is not None for row in rows)
    }
