"""Whether the tables of a report agree: everything that must add up does, whatever the rows are."""

from collections.abc import Mapping
from itertools import combinations

from chassis.law.periods import parse
from services.reports.documents.model import Cell, Suppressed, Table, Unit
from services.reports.indicators.asking import Ask
from services.reports.indicators.definitions import INDICATORS, PERIODS, SOURCES, Indicator, Owner
from services.reports.indicators.gathering import Gathered, gathered
from services.reports.indicators.wanted import Wanted

LENGTHS = PERIODS[:-1]
BELOW = 5
# What not every escalation has.
PARTLY = ("theme", "reason")
# A meeting about several children is in the row of each of them, where rows tell children apart.
OF_MEETINGS = {("reviews", "reviews"), ("conferences", "conferences")}


def wanted_of(table: str, first: str, last: str) -> list[Wanted]:
    """Tables with all indicators of a table of figures, by everything that it can be shown by."""
    names = tuple(name for name, found in INDICATORS.items() if found.table == table)
    rows = [by for by in SOURCES[table].rows if by != "calendar_year"]
    years = [Wanted(key=f"{table}.{by}", indicators=names, by=by, period=first, until=last) for by in rows]
    one = [Wanted(key=f"{table}.{by}.last", indicators=names, by=by, period=last) for by in rows]
    return years + one


async def check_that_all_adds_up(ask: Ask, owner: Owner, first: str, last: str) -> None:
    """Check every pair of tables that an owner's figures make of two financial years."""
    for table, source in SOURCES.items():
        if source.owner is owner and "month" in source.rows:
            wanted = wanted_of(table, first, last)
            found = await gathered(ask, wanted, below=None)
            by_key = dict(zip((each.key for each in wanted), found.tables, strict=True))
            for name in wanted[0].indicators:
                _check(INDICATORS[name], table, by_key)
            _check_small(await gathered(ask, wanted, below=BELOW), found)


def _check(indicator: Indicator, table: str, tables: Mapping[str, Table]) -> None:
    totals = {key: _numbers(found, indicator.name)[1] for key, found in tables.items()}
    for suffix in ("", ".last"):
        assert len({totals[key] for key in tables if key.endswith(".last") == bool(suffix)}) == 1, indicator.name
    if not indicator.adds_up:
        return
    for key, found in tables.items():
        rows, total = _numbers(found, indicator.name)
        if (table, indicator.count) in OF_MEETINGS and key.split(".")[1] not in PERIODS:
            assert sum(rows.values()) >= total, (indicator.name, key)
        elif key.split(".")[1] in PARTLY:
            assert sum(rows.values()) <= total, (indicator.name, key)
        else:
            assert sum(rows.values()) == total, (indicator.name, key)
    for short, long in combinations(LENGTHS, 2):
        parts, wholes = (_numbers(tables[f"{table}.{by}"], indicator.name)[0] for by in (short, long))
        for whole, number in wholes.items():
            within = [count for part, count in parts.items() if _is_within(part, whole)]
            assert sum(within) == number, (indicator.name, short, whole)


def _is_within(part: str, whole: str) -> bool:
    return parse(whole).first <= parse(part).first and parse(part).last <= parse(whole).last


def _numbers(table: Table, name: str) -> tuple[dict[str, int], int]:
    """A column by what its rows are called, and its total; what is not counted is 0."""
    at = table.at(name)
    of_months = table.columns[0].unit is Unit.MONTH
    rows = {str(row[0])[:7] if of_months else str(row[0]): _count(row[at]) for row in table.rows}
    return rows, _count(table.total_row[at]) if table.total_row else 0


def _count(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _check_small(shown: Gathered, true: Gathered) -> None:
    """No small number about people is shown, and none of a sum is left out alone."""
    for table, whole in zip(shown.tables, true.tables, strict=True):
        for at, column in enumerate(table.columns[1:], 1):
            indicator = INDICATORS[column.key]
            if indicator.of or not indicator.people:
                continue
            small = [row[at] for row in table.all_rows() if 0 < _count(row[at]) < BELOW]
            assert small == [], (table.key, column.key)
            gone = [
                _count(true[at])
                for true, row in zip(whole.rows, table.rows, strict=True)
                if isinstance(row[at], Suppressed)
            ]
            total = table.total_row[at] if table.total_row else None
            if indicator.adds_up and gone and not isinstance(total, Suppressed):
                assert len(gone) > 1 and not 0 < sum(gone) < BELOW, (table.key, column.key)
