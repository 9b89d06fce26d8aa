"""Slips of published tables: rows that do not add up to their total, and counts that do not follow from the months."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from chassis.figures.tables import Restart
from chassis.law.periods import parse
from services.reports.documents.model import Table, Unit


class Slip(BaseModel):
    """A number that another contradicts."""

    table: str
    row: str
    column: str
    published: int
    added_up: int


def slips(tables: Iterable[Table]) -> list[Slip]:
    """The totals of tables that are not the sum of their rows, for an appendix. What is left out is not compared."""
    return [slip for table in tables for slip in _of_table(table)]


def _of_table(table: Table) -> Iterable[Slip]:
    for at, column in enumerate(table.columns):
        if column.unit is not Unit.COUNT or table.total_row is None:
            continue
        counts, total = [row[at] for row in table.rows], table.total_row[at]
        if all(isinstance(count, int) for count in counts) and isinstance(total, int):
            added_up = sum(count for count in counts if isinstance(count, int))
            if added_up != total:
                name = str(table.total_row[0])
                yield Slip(table=table.caption, row=name, column=column.heading, published=total, added_up=added_up)


def cumulative_slips(
    months: Mapping[str, int], cumulative: Mapping[str, int], name: str, restart: Restart = Restart.CALENDAR_YEAR
) -> list[Slip]:
    """The cumulative counts that are not the sum of the year's months up to then."""
    so_far: dict[int, int] = {}
    found = []
    for month, count in months.items():
        year = restart.year_of(parse(month))
        so_far[year] = so_far.get(year, 0) + count
        if month in cumulative and cumulative[month] != so_far[year]:
            found.append(
                Slip(table=name, row=month, column="cumulative", published=cumulative[month], added_up=so_far[year])
            )
    return found
