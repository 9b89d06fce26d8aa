"""Figures: every table is counted from the same records by one statement, so that no two disagree."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.db.statements import Statements
from chassis.figures.tables import PERIODS, period_key, periods_of, table
from chassis.law.periods import Period
from chassis.law.working_days import add_months
from services.escalations.figures.schemas import FigureOut, FiguresOut, InformalFiguresOut, RepeatOut
from services.escalations.rules import Kind


class By(StrEnum):
    """What the rows of a table of figures are."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    KIND = "kind"
    AGENCY = "agency"
    AGENCY_ROLE = "agency_role"
    AREA = "area"
    THEME = "theme"
    REASON = "reason"
    OWNER = "owner"


class RepeatBy(StrEnum):
    """What repeated failures are counted by."""

    AGENCY = "agency"
    TEAM = "team"
    PROFESSIONAL = "professional"


KEYS = {by: period_key(kind, "raised_on") for by, kind in PERIODS.items()} | {
    By.KIND: "kind",
    By.AGENCY: "agency_id",
    By.AGENCY_ROLE: "agency_role",
    By.AREA: "area_id",
    By.THEME: "theme",
    By.REASON: "reason",
    By.OWNER: "owner_id",
}


def _statement(key: str) -> str:
    return f"""
        SELECT key, total, raised, answered, raised - answered AS unanswered, open, overdue,
            round(answered::numeric / nullif(raised, 0), 4)::float8 AS response_rate, median_days_to_answer
        FROM (
            SELECT {key} AS key, grouping({key}) = 1 AS total, count(*) AS raised, count(answer) AS answered,
                count(*) FILTER (WHERE closed_on IS NULL) AS open,
                count(*) FILTER (WHERE closed_on IS NULL AND due_on < $3) AS overdue,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY first_answered_on - raised_on) AS median_days_to_answer
            FROM escalation
            WHERE raised_on BETWEEN $1 AND $2 AND ($4::text IS NULL OR kind = $4)
                AND ($5::text IS NULL OR agency_id = $5) AND ($6::text IS NULL OR area_id = $6)
            GROUP BY GROUPING SETS (({key}), ())
        ) counted ORDER BY total, key
    """


STATEMENTS = {by: _statement(key) for by, key in KEYS.items()}
INFORMAL = """
    SELECT count(*) AS challenges, count(*) FILTER (WHERE state = 'resolved') AS challenges_resolved,
        count(*) FILTER (WHERE state = 'raised_formally') AS challenges_raised_formally,
        (SELECT count(*) FROM good_practice WHERE noted_on BETWEEN $1 AND $2) AS good_practice
    FROM challenge WHERE raised_on BETWEEN $1 AND $2
"""
_REPEAT_KEYS = {
    RepeatBy.AGENCY: ("agency_id", "NULL::text AS professional_team, NULL::text AS professional_name"),
    RepeatBy.TEAM: ("agency_id, professional_team", "professional_team, NULL::text AS professional_name"),
    RepeatBy.PROFESSIONAL: ("agency_id, professional_team, professional_name", "professional_team, professional_name"),
}
REPEATS = {
    by: f"""
        SELECT agency_id, {shown}, count(*) AS failures, count(*) - count(answer) AS unanswered,
            max(raised_on) AS last_raised_on
        FROM escalation
        WHERE raised_on > $1 AND raised_on <= $2 AND kind = 'conference_contribution' AND state <> 'withdrawn'
            AND ($4::text IS NULL OR agency_id = $4) AND {keys.rpartition(" ")[2]} IS NOT NULL
        GROUP BY {keys} HAVING count(*) >= $3
        ORDER BY failures DESC, last_raised_on DESC, agency_id LIMIT 200
    """
    for by, (keys, shown) in _REPEAT_KEYS.items()
}


@dataclass(frozen=True)
class Question:
    """Which table of figures to make: its rows, its period and its escalations."""

    by: By
    period: Period
    kind: Kind | None = None
    agency_id: str | None = None
    area_id: str | None = None


async def count(statements: Statements, wanted: Question, today: date, suppress_below: int | None) -> FiguresOut:
    """A table of figures: a row for each key, periods without any included, then the total.

    `suppress_below` leaves out counts that could identify people.
    """
    first, last = wanted.period.first, wanted.period.last
    kind = None if wanted.kind is None else str(wanted.kind)
    found = await statements.rows(STATEMENTS[wanted.by], first, last, today, kind, wanted.agency_id, wanted.area_id)
    rows = table(FigureOut, found, periods_of(wanted.by, first, last), suppress_below=suppress_below)
    return FiguresOut(by=wanted.by, first_day=first, last_day=last, suppressed_below=suppress_below, rows=rows)


async def count_informal(statements: Statements, period: Period) -> InformalFiguresOut:
    """Positive challenges and good practice of a period."""
    row = await statements.first_row(INFORMAL, period.first, period.last)
    return InformalFiguresOut(first_day=period.first, last_day=period.last, **dict(row))


async def repeats(
    statements: Statements, by: RepeatBy, *, today: date, months: int, at_least: int, agency_id: str | None
) -> list[RepeatOut]:
    """Who failed conferences repeatedly within so many months, the most frequent first; 200 at most."""
    since = add_months(today, -months)
    found = await statements.rows(REPEATS[by], since, today, at_least, agency_id)
    return [RepeatOut(**dict(row)) for row in found]
