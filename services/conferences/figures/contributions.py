"""Figures about what professionals contributed to conferences: reports, attendance, apologies."""

from enum import StrEnum

from pydantic import Field

from chassis.base.fields import Omittable
from chassis.db.statements import Statements
from chassis.figures.asking import ROWS_ARE, FiguresQuery, count, only
from chassis.figures.tables import PERIODS, period_key
from chassis.law.participation import Attendance
from services.conferences.figures.schemas import ContributionFigureOut, ContributionFiguresOut
from services.conferences.rules.vocabulary import InvitedAs

SEPARATOR = "/"


class ContributionsBy(StrEnum):
    """What the rows of a table of contributions are."""

    AGENCY = "agency"
    AGENCY_AND_ROLE = "agency_and_role"
    ROLE = "role"
    AREA = "area"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"


KEYS = {by: period_key(kind, "held_on") for by, kind in PERIODS.items()} | {
    ContributionsBy.AGENCY: "agency_id",
    ContributionsBy.AGENCY_AND_ROLE: f"agency_id || '{SEPARATOR}' || agency_role",
    ContributionsBy.ROLE: "agency_role",
    ContributionsBy.AREA: "area_id",
}


def _statement(key: str) -> str:
    return f"""
        SELECT counted.*,
            round((reports_in_time + reports_late)::numeric / nullif(reports_expected, 0), 4)::float8 AS report_rate,
            round(attended::numeric / nullif(invited - attendance_unknown, 0), 4)::float8 AS attendance_rate
        FROM (
            SELECT {key} AS key, grouping({key}) = 1 AS total, count(DISTINCT conference_id) AS conferences,
                count(*) AS invited, count(*) FILTER (WHERE report_expected) AS reports_expected,
                count(*) FILTER (WHERE report_expected AND report_received_on <= report_due_on) AS reports_in_time,
                count(*) FILTER (WHERE report_expected AND report_received_on > report_due_on) AS reports_late,
                count(*) FILTER (WHERE report_expected AND report_received_on IS NULL) AS reports_none,
                count(*) FILTER (WHERE report_expected AND report_shared_on <= report_due_on) AS shared_in_time,
                count(*) FILTER (WHERE attendance = '{Attendance.ATTENDED}') AS attended,
                count(*) FILTER (WHERE attendance = '{Attendance.APOLOGIES}') AS apologies,
                count(*) FILTER (WHERE attendance = '{Attendance.NEITHER}') AS neither,
                count(*) FILTER (WHERE attendance IS NULL) AS attendance_unknown
            FROM (SELECT id AS conference_id, held_on FROM conference) meeting JOIN invitation USING (conference_id)
            WHERE held_on BETWEEN $1 AND $2 AND invited_as = '{InvitedAs.PROFESSIONAL}'
                AND withdrawn_on IS NULL AND {only("area_id", 3)} AND {only("agency_id", 4)} AND {only("chair_id", 5)}
            GROUP BY GROUPING SETS (({key}), ())
        ) counted ORDER BY total, key
    """


STATEMENTS = {by: _statement(KEYS[by]) for by in ContributionsBy}


class ContributionFiguresQuery(FiguresQuery):
    """The parameters of `get_contribution_figures`. The area is the professionals', the chair the conference's."""

    by: ContributionsBy = Field(ContributionsBy.AGENCY_AND_ROLE, description=ROWS_ARE)
    agency_id: Omittable[str] = Field(None, description="Filter by agency.")


async def count_contributions(
    statements: Statements, query: ContributionFiguresQuery, threshold: int
) -> ContributionFiguresOut:
    """A table of contributions."""
    values = (*query.days(), query.area_id, query.agency_id, query.chair_id)
    found = await count(statements, STATEMENTS[query.by], values, query, ContributionFiguresOut, threshold)
    for row in found.rows:
        _name(row, query.by)
    return found


def _name(row: ContributionFigureOut, by: ContributionsBy) -> None:
    """The agency and the role of a row, which its key says."""
    if row.key is None:
        return
    match by:
        case ContributionsBy.AGENCY:
            row.agency_id = row.key
        case ContributionsBy.ROLE:
            row.agency_role = row.key
        case ContributionsBy.AGENCY_AND_ROLE:
            row.agency_id, _, row.agency_role = row.key.partition(SEPARATOR)
