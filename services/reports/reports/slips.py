"""Slips of tables that were published before: totals and cumulative counts that are not what the months add up to.

A council brings the tables as CSV files, and `published.toml` beside them says what has to add up to what.
"""

import csv
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chassis.figures.tables import Restart
from chassis.law.periods import PeriodKind, parse, within
from services.reports.documents.model import Column, Line, Table, Unit
from services.reports.reports.template import SLIPS, ReportTemplateWrong

COMPARISONS = "published.toml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Published(_Part):
    """A column of counts; the first column of its file names the rows."""

    file: str
    column: str

    def read(self, folder: Path) -> dict[str, int]:
        """Its counts by the names of the rows."""
        with (folder / self.file).open(newline="") as file:
            return {next(iter(row.values())): int(row[self.column]) for row in csv.DictReader(file)}


class Comparison(_Part):
    """Published counts, and the months that they have to be the sum of; cumulative ones where they begin again."""

    caption: Line
    months: Published
    sums: Published | dict[str, int]
    restart: Restart | None = None

    def slips(self, folder: Path) -> Iterator[list[str | int]]:
        """The rows that say something else than their months; a row of which a month is missing is not compared."""
        months = self.months.read(folder)
        sums = self.sums.read(folder) if isinstance(self.sums, Published) else self.sums
        for row, published in sums.items():
            period = parse(row)
            added_up = _sum([months.get(month.label) for month in within(PeriodKind.MONTH, period.first, period.last)])
            if self.restart and period.first != self.restart.first_day(period):
                # From the row before, so that a slip is listed once and not in every row after it.
                added_up = _sum([sums.get(period.previous().label), added_up])
            if added_up is not None and added_up != published:
                yield [self.caption, period.name(), published, added_up, published - added_up]


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


class _Comparisons(_Part):
    compared: tuple[Comparison, ...] = Field(min_length=1)


def slips(folder: Path) -> Table:
    """What does not add up in the tables of a folder; `ReportTemplateWrong` says what of it cannot be read."""
    try:
        found = _Comparisons.model_validate(tomllib.loads((folder / COMPARISONS).read_text()))
        rows = [row for comparison in found.compared for row in comparison.slips(folder)]
    except OSError as error:
        raise ReportTemplateWrong(f"{Path(error.filename).name} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ReportTemplateWrong(f"The tables published before cannot be read: {error}.") from None
    return Table(
        key=SLIPS,
        caption="Published numbers that are not the sum of their months",
        columns=[
            Column(key="table", heading="Published table", unit=Unit.TEXT),
            Column(key="row", heading="Row", unit=Unit.TEXT),
            Column(key="published", heading="Published"),
            Column(key="added-up", heading="The months add up to"),
            Column(key="difference", heading="Difference"),
        ],
        rows=[list(row) for row in rows],
        note=f"{len(rows)} numbers of the {len(found.compared)} tables that were compared.",
    )
