"""A published report read back from its workbook, and the tables of the source report that it is compared with."""

import io
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from chassis.base.fields import in_words
from tests.support import published

# The published table, its column, the report's table that has it, and the column there.
MONTHS = (
    ("lac_reviews_by_month", "reviews", "reviews-by-month", "Review meetings"),
    ("lac_reviews_by_month", "children", "reviews-by-month", "Children's reviews"),
    ("short_term_break_meetings_by_month", "meetings", "short-breaks-by-month", "Short-break meetings"),
    (
        "leaving_care_directors_decisions_by_month",
        "decisions",
        "directors-decisions-by-month",
        "Director's decisions",
    ),
    ("cp_conferences_by_month", "conferences", "conferences-by-month", "Conferences"),
    ("cp_conferences_by_month", "children", "conferences-by-month", "Children's conferences"),
    ("cp_escalations_by_month", "escalations", "escalations-by-month", "Escalations about conferences"),
    ("lac_formal_escalations_by_month", "escalations", "escalations-by-month", "Escalations about care planning"),
)
CUMULATIVE = (
    (
        "lac_reviews_cumulative_by_calendar_year",
        "cumulative_reviews",
        "reviews-by-month",
        "Review meetings",
        "Review meetings, cumulative in each calendar year",
    ),
    (
        "cp_conferences_cumulative_by_calendar_year",
        "cumulative_conferences",
        "conferences-by-month",
        "Conferences",
        "Conferences, cumulative in each calendar year",
    ),
)
YEARS = (("reviews", "Review meetings"), ("children", "Children's reviews"))
# A number that the published text gives, and the table, the row and the column that say it here.
PROSE: tuple[tuple[str, str, str, str, str], ...] = (
    ("lac_reviews_conducted", "2019-04/2020-03", "reviews-by-year", "2019-20", "Review meetings"),
    ("lac_reviews_children", "2019-04/2020-03", "reviews-by-year", "2019-20", "Children's reviews"),
    ("remand_reviews", "2019-04/2020-03", "special-reviews", "2019-20", "Reviews of remanded children"),
    ("advocacy_lac", "2019-04/2020-03", "participation", "2019-20", "Children with an advocate at reviews"),
    (
        "advocacy_cp",
        "2019-04/2020-03",
        "conference-participation",
        "2019-20",
        "Children with an advocate at conferences",
    ),
    ("lac_escalations_raised", "2019-04/2020-03", "escalations-by-theme", "Total", "Escalations about care planning"),
    (
        "lac_escalations_resolved",
        "2019-04/2020-03",
        "escalations-by-theme",
        "Total",
        "Escalations about care planning resolved",
    ),
    (
        "cp_escalations_answered_by_slo",
        "2019-04/2020-03",
        "escalations-by-agency",
        "Total",
        "Escalations about conferences answered",
    ),
    ("life_links_referrals", "2019-04/2020-03", "between-reviews", "Total", "Life Links referrals"),
    ("lac_population", "2020-03-31", "caseloads", "Total", "Looked-after children of each chair"),
    ("cp_plan_population", "2018-04", "plans-by-month", "2018-04", "Children on a plan"),
    ("cp_plan_population", "2019-04-01", "plans-by-month", "2019-03", "Children on a plan"),
    ("cp_plan_population", "2019-10-31", "plans-by-month", "2019-10", "Children on a plan"),
    ("cp_plan_population", "2020-03-31", "plans-by-month", "2020-03", "Children on a plan"),
)
PERCENTAGES = (
    ("lac_reviews_in_timescale_percent", "reviews-by-year", "Timeliness of reviews"),
    ("lac_participation_percent_all_children", "participation", "Participation in reviews"),
    ("cp_meetings_in_timescale_percent", "conferences-by-year", "Timeliness of conferences"),
)
SMALL, TO_HIDE_IT = "fewer than 5", "[c]"
# Each by the headings of its cells.
Rows = list[dict[str, Any]]


def tables(workbook: bytes) -> dict[str, Rows]:
    """The rows of the tables of a report, by the tables' keys."""
    return {
        sheet.title.partition(" ")[2]: _rows(list(sheet.iter_rows(values_only=True)))
        for sheet in load_workbook(io.BytesIO(workbook)).worksheets
        if sheet.title[0].isdigit()
    }


def _rows(lines: list[tuple[Any, ...]]) -> Rows:
    # Above the headings stand the caption and notes, in the first cell alone.
    at = next(number for number, line in enumerate(lines) if len(line) > 1 and line[1] is not None)
    headings, *rows = lines[at:]
    return [dict(zip(headings, map(_read, row), strict=True)) for row in rows]


def _read(cell: Any) -> Any:
    return f"{cell:%Y-%m}" if isinstance(cell, datetime) else cell


def column(rows: Rows, heading: str) -> dict[str, Any]:
    """A column of a table by the names of its rows."""
    return {str(next(iter(row.values()))): row[heading] for row in rows}


def by_month(name: str, column: str) -> dict[str, int]:
    """A published column by month, of all the months that were published."""
    return {row["month"]: int(row[column]) for row in published.read(f"{name}.csv")}


def is_as_published(shown: Any, expected: int) -> bool:
    """Whether a cell says the published number, or leaves it out for being small."""
    return shown == expected or (shown == SMALL and 0 < expected < 5)


def slips_of(appendix: Rows, table: str) -> dict[str, int]:
    """By how much each number of a published table differs from its months, as the report's appendix says."""
    return {slip["Row"]: slip["Difference"] for slip in appendix if slip["Published table"] == table}


def organisations() -> dict[str, int]:
    """The published escalations by organisation, by who did not contribute; two are one less, as the months add up."""
    return {in_words(role): count for (_, role), count in published.escalations_by_organisation().items()}


def themes() -> dict[str, int]:
    """The published escalations about looked-after children, by theme."""
    return {in_words(theme.replace("_", "-")): count for theme, count in published.care_planning_by_theme().items()}
