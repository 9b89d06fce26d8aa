"""The numbers of a report: each is counted once, wherever it is shown, and small ones are left out everywhere alike."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.figures.tables import Sum, hidden_cells
from services.reports.indicators.definitions import INDICATORS, SOURCES

Filters = tuple[tuple[str, str], ...]
# What is told of children or families, and what months add up of.
OF_PEOPLE = {
    (found.table, field) for found in INDICATORS.values() if found.people for field in (found.count, *found.of)
}
ADD_UP = {(found.table, found.count) for found in INDICATORS.values() if found.adds_up}


@dataclass(frozen=True, order=True)
class Cell:
    """A number that a service counts: a field of its figures for some days; of one key where rows are no periods."""

    table: str
    field: str
    only: Filters
    first: date
    last: date
    by: str = ""
    key: str = ""


def left_out(counts: Mapping[Cell, float], below: int) -> set[Cell]:
    """The cells that are small, and as many others of the whole report as keep each of them from being worked out."""
    whole = {cell: int(count) for cell, count in counts.items()}
    of_people = [cell for cell in whole if (cell.table, cell.field) in OF_PEOPLE]
    return hidden_cells(sums(whole), whole, below, among=of_people)


def sums(counts: Collection[Cell]) -> Iterator[Sum[Cell]]:
    """Everything that adds up: keys to all of them, months to longer periods, and fields to others."""
    series: dict[tuple[str, str, Filters], list[Cell]] = defaultdict(list)
    for cell in counts:
        series[cell.table, cell.field, cell.only].append(cell)
    for (table, field, _), cells in series.items():
        yield from _keys(cells)
        if (table, field) in ADD_UP:
            yield from _periods([cell for cell in cells if not cell.by])
    known = set(counts)
    for cell in counts:
        for whole, parts in SOURCES[cell.table].sums:
            if cell.field == whole:
                found = [_of_field(cell, part) for part in parts]
                if known.issuperset(found):
                    yield Sum(cell, found)


def _of_field(cell: Cell, field: str) -> Cell:
    return Cell(cell.table, field, cell.only, cell.first, cell.last, cell.by, cell.key)


def _keys(cells: Collection[Cell]) -> Iterator[Sum[Cell]]:
    """What areas, themes and so on add up to."""
    totals = {(cell.first, cell.last): cell for cell in cells if not cell.by}
    parts: dict[tuple[str, date, date], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.by:
            parts[cell.by, cell.first, cell.last].append(cell)
    for (_, first, last), found in parts.items():
        if (first, last) in totals:
            yield Sum(totals[first, last], found)


def _periods(cells: Collection[Cell]) -> Iterator[Sum[Cell]]:
    """What shorter periods add up to: wherever those of one length make up a longer one."""
    lengths: dict[int, list[Cell]] = defaultdict(list)
    for cell in sorted(cells):
        lengths[_months(cell)].append(cell)
    for whole in cells:
        for length, same in lengths.items():
            within = [cell for cell in same if whole.first <= cell.first and cell.last <= whole.last]
            if length < _months(whole) and _make_up(within, whole):
                yield Sum(whole, within)


def _months(cell: Cell) -> int:
    return (cell.last.year - cell.first.year) * 12 + cell.last.month - cell.first.month + 1


def _make_up(parts: list[Cell], whole: Cell) -> bool:
    following = [whole.first, *(part.last + timedelta(days=1) for part in parts)]
    return bool(parts) and [*(part.first for part in parts), whole.last + timedelta(days=1)] == following
