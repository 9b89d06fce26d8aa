"""The published figures that the invented records bear out."""

import csv
from datetime import date
from functools import cache

from demo.tables import FIGURES, Row

YEARS = ("2018-19", "2019-20")
FIRST_MONTH, LAST_MONTH = "2018-04", "2020-03"
# The escalations by month add up to two less than those by organisation; the two largest have one less each.
ONE_LESS = ("GP's", "Education (Schools, Nurseries etc.)")


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


def reviews_by_month() -> dict[str, int]:
    """The review meetings of each month."""
    return by_month("lac_reviews_by_month.csv", "reviews")


def children_reviewed_by_month() -> dict[str, int]:
    """The children's reviews of each month: several in a meeting of siblings."""
    return by_month("lac_reviews_by_month.csv", "children")


def short_break_meetings_by_month() -> dict[str, int]:
    """The review meetings of children in short breaks."""
    return by_month("short_term_break_meetings_by_month.csv", "meetings")


def directors_decisions_by_month() -> dict[str, int]:
    """The director's decisions about young people who leave care."""
    return by_month("leaving_care_directors_decisions_by_month.csv", "decisions")


def conferences_by_month() -> dict[str, int]:
    """The conferences of each month."""
    return by_month("cp_conferences_by_month.csv", "conferences")


def children_of_conferences_by_month() -> dict[str, int]:
    """The children of the conferences of each month: several in a conference of siblings."""
    return by_month("cp_conferences_by_month.csv", "children")


def plans_on(day: date) -> int:
    """How many children were on a plan on a day for which it was published."""
    return prose("cp_plan_population", day.isoformat())


def escalations_by_month() -> dict[str, int]:
    """The escalations of each month: what chairs confirmed in it."""
    return by_month("cp_escalations_by_month.csv", "escalations")


def escalations_by_organisation() -> dict[tuple[str, str], int]:
    """The escalations of 2019-20 by agency and role, less what the months do not bear out."""
    rows = [row for row in read("cp_escalations_by_organisation_2019_20.csv") if row["row_type"] == "row"]
    return {
        (row["agency_id"], row["agency_role"]): int(row["escalations"]) - (row["organisation"] in ONE_LESS)
        for row in rows
    }


def care_planning_by_month() -> dict[str, int]:
    """The escalations about looked-after children of each month."""
    return by_month("lac_formal_escalations_by_month.csv", "escalations")


def care_planning_by_theme() -> dict[str, int]:
    """The escalations about looked-after children of 2019-20 by theme."""
    rows = [row for row in read("lac_formal_escalations_by_theme_2019_20.csv") if row["row_type"] == "row"]
    return {row["theme_here"]: int(row["raised"]) for row in rows}
