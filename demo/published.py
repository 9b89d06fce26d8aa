"""The published figures that the invented records bear out, and the time from which they are told."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from demo.people import Row

FIGURES = Path(__file__).parent / "figures"
YEARS = ("2018-19", "2019-20")
PUBLISHED_YEAR = "2019-20"
FIRST_MONTH, LAST_MONTH = "2018-04", "2020-03"
# The demo's present day.
AS_OF = date(2020, 4, 3)


@cache
def read(name: str) -> tuple[Row, ...]:
    """The rows of a published table."""
    with (FIGURES / name).open(newline="") as file:
        return tuple(csv.DictReader(file))


def prose(figure: str, period: str = "2019-04/2020-03") -> int:
    """A number that the published text gives for a day or a year."""
    rows = read("figures_in_prose.csv")
    return next(int(row["value"]) for row in rows if (row["figure"], row["period"]) == (figure, period))


def by_month(name: str, column: str) -> dict[str, int]:
    """A published count by month of the two years."""
    return {row["month"]: int(row[column]) for row in read(name) if FIRST_MONTH <= row["month"] <= LAST_MONTH}
