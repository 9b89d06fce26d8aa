"""The published figures that the invented children bear out."""

import csv
from functools import cache
from pathlib import Path

from demo.people import Row

FIGURES = Path(__file__).parents[1] / "figures"
FIRST_MONTH, LAST_MONTH = "2018-04", "2020-03"


@cache
def _read(name: str) -> tuple[Row, ...]:
    with (FIGURES / name).open(newline="") as file:
        return tuple(csv.DictReader(file))


def prose(figure: str, period: str = "2019-04/2020-03") -> int:
    """A number that the published text gives for a day or a year."""
    rows = _read("figures_in_prose.csv")
    return next(int(row["value"]) for row in rows if (row["figure"], row["period"]) == (figure, period))


def by_month(name: str, column: str) -> dict[str, int]:
    """A published count by month of the two years."""
    return {row["month"]: int(row[column]) for row in _read(name) if FIRST_MONTH <= row["month"] <= LAST_MONTH}


def reviews_by_month() -> dict[str, int]:
    """The review meetings of each month."""
    return by_month("lac_reviews_by_month.csv", "reviews")


def children_by_month() -> dict[str, int]:
    """The children's reviews of each month: several in a meeting of siblings."""
    return by_month("lac_reviews_by_month.csv", "children")


def short_break_meetings_by_month() -> dict[str, int]:
    """The review meetings of children in short breaks."""
    return by_month("short_term_break_meetings_by_month.csv", "meetings")


def directors_decisions_by_month() -> dict[str, int]:
    """The director's decisions about young people who leave care."""
    return by_month("leaving_care_directors_decisions_by_month.csv", "decisions")
