"""Figures: every table is counted from the same records by one statement, so that no two disagree."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from chassis.base.fields import Omittable
from chassis.base.problems import Invalid
from chassis.db.statements import Statements
from chassis.figures.asking import FORMS, ROWS_ARE, FiguresQuery, PeriodsBy, count, days_of, only
from chassis.figures.tables import PERIODS, period_key
from chassis.law.working_days import add_months
from services.escalations.clients import HeldConferences
from services.escalations.figures.schemas import (
    EscalationFiguresOut,
    EscalationsPerConferenceOut,
    EscalationsPerConferenceRowOut,
    InformalFiguresOut,
    RepeatOut,
)
from services.escalations.rules import Kind


class EscalationsBy(StrEnum):
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
    STAGE = "stage"
    OWNER = "owner"


class InformalBy(StrEnum):
    """What the rows of a table of positive challenges and good practice are."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    THEME = "theme"


class RepeatBy(StrEnum):
    """What repeated failures are counted by."""

    AGENCY = "agency"
    TEAM = "team"
    PROFESSIONAL = "professional"


KEYS = {by: period_key(kind, "raised_on") for by, kind in PERIODS.items()} | {
    EscalationsBy.KIND: "kind",
    EscalationsBy.AGENCY: "agency_id",
    EscalationsBy.AGENCY_ROLE: "agency_role",
    EscalationsBy.AREA: "area_id",
    EscalationsBy.THEME: "theme",
    EscalationsBy.REASON: "reason",
    EscalationsBy.STAGE: "stage::text",
    EscalationsBy.OWNER: "owner_id",
}


def _share(part: str, whole: str) -> str:
    """The SQL expression of a count out of another one."""
    return f"round({part}::numeric / nullif({whole}, 0), 4)::float8"


def _median_days(until: str) -> str:
    """The SQL expression of the median of the days from raised until something; those without it do not count."""
    return f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {until} - raised_on)"


def _statement(key: str) -> str:
    return f"""
        SELECT *, raised - answered AS unanswered, {_share("answered", "raised")} AS response_rate,
            {_share("resolved", "raised")} AS resolved_rate, {_share("withdrawn", "raised")} AS withdrawn_rate,
            {_share("open", "raised")} AS open_rate
        FROM (
            SELECT {key} AS key, grouping({key}) = 1 AS total, count(*) AS raised, count(answer) AS answered,
                count(*) FILTER (WHERE closed_on IS NULL) AS open,
                count(*) FILTER (WHERE closed_on IS NULL AND due_on < $3) AS overdue,
                count(*) FILTER (WHERE state = 'resolved') AS resolved,
                count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
                {_median_days("first_answered_on")} AS median_days_to_answer,
                {_median_days("closed_on")} FILTER (WHERE state = 'resolved') AS median_days_to_resolve
            FROM escalation
            WHERE raised_on BETWEEN $1 AND $2 AND {only("kind", 4)} AND {only("agency_id", 5)}
                AND {only("area_id", 6)} AND {only("owner_id", 7)}
            GROUP BY GROUPING SETS (({key}), ())
        ) counted ORDER BY total, key
    """


STATEMENTS = {by: _statement(key) for by, key in KEYS.items()}


def _informal(key: str) -> str:
    return f"""
        SELECT *, {_share("challenges_resolved", "challenges")} AS challenges_resolved_rate,
            {_share("challenges_raised_formally", "challenges")} AS challenges_raised_formally_rate,
            {_share("challenges_open", "challenges")} AS challenges_open_rate
        FROM (
            SELECT {key} AS key, grouping({key}) = 1 AS total, count(state) AS challenges,
                count(*) FILTER (WHERE state = 'resolved') AS challenges_resolved,
                count(*) FILTER (WHERE state = 'raised_formally') AS challenges_raised_formally,
                count(*) FILTER (WHERE state = 'open') AS challenges_open,
                {_median_days("closed_on")} FILTER (WHERE state = 'resolved') AS median_days_to_resolve,
                count(*) FILTER (WHERE state IS NULL) AS good_practice
            FROM (
                SELECT raised_on, closed_on, state, theme, area_id, owner_id FROM challenge
                UNION ALL SELECT noted_on, NULL, NULL, NULL, area_id, noted_by FROM good_practice
            ) informal
            WHERE raised_on BETWEEN $1 AND $2 AND {only("area_id", 3)} AND {only("owner_id", 4)}
            GROUP BY GROUPING SETS (({key}), ())
        ) counted ORDER BY total, key
    """


INFORMAL_KEYS = {by: period_key(kind, "raised_on") for by, kind in PERIODS.items()} | {InformalBy.THEME: "theme"}
INFORMAL = {by: _informal(key) for by, key in INFORMAL_KEYS.items()}
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
        WHERE raised_on BETWEEN $1 AND $2 AND kind = 'conference_contribution' AND state <> 'withdrawn'
            AND ($4::text IS NULL OR agency_id = $4) AND {keys.rpartition(" ")[2]} IS NOT NULL
        GROUP BY {keys} HAVING count(*) >= $3
        ORDER BY failures DESC, last_raised_on DESC, agency_id LIMIT 200
    """
    for by, (keys, shown) in _REPEAT_KEYS.items()
}


class EscalationFiguresQuery(FiguresQuery):
    """The parameters of `get_escalation_figures`."""

    by: EscalationsBy = Field(EscalationsBy.MONTH, description=ROWS_ARE)
    kind: Omittable[Kind] = Field(None, description="Filter by kind.")
    agency_id: Omittable[str] = Field(None, description="Filter by agency.")


class EscalationsPerConferenceQuery(FiguresQuery):
    """The parameters of `get_escalations_per_conference`."""

    by: PeriodsBy = Field(PeriodsBy.MONTH, description=ROWS_ARE)

    def about_contributions(self) -> EscalationFiguresQuery:
        """The same question about the escalations that conferences give rise to."""
        return EscalationFiguresQuery(**self.model_dump(), kind=Kind.CONFERENCE_CONTRIBUTION)

    def of_conferences(self) -> dict[str, str]:
        """The same question about the conferences, as parameters of an address."""
        asked = self.model_dump(exclude_none=True, exclude={"compare", "restart"})
        return asked | {"suppress": str(self.suppress).lower()}


class InformalFiguresQuery(FiguresQuery):
    """The parameters of `get_informal_figures`."""

    by: InformalBy = Field(InformalBy.MONTH, description=ROWS_ARE)


class RepeatsQuery(BaseModel):
    """The parameters of `get_repeats`."""

    model_config = ConfigDict(extra="forbid")

    period: Omittable[str] = Field(None, max_length=10, description=f"{FORMS} The last `months` if none.")
    until: Omittable[str] = Field(None, max_length=10, description="The last period, to count several.")
    months: int = Field(12, ge=1, le=60, description="Without a period: how many calendar months, up to today.")
    by: RepeatBy = Field(RepeatBy.PROFESSIONAL, description="What to group failures by.")
    at_least: int = Field(2, ge=2, le=1000, description="The fewest failures to include.")
    agency_id: Omittable[str] = Field(None, description="Filter by agency.")

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day that count; `Invalid` if the periods are none, or in the wrong order."""
        if self.period is not None:
            return days_of(self.period, self.until)
        if self.until is not None:
            raise Invalid.field("until", "with_period", "Say which period is the first.")
        return add_months(today, -self.months) + timedelta(days=1), today


async def count_escalations(
    statements: Statements, query: EscalationFiguresQuery, today: date, threshold: int
) -> EscalationFiguresOut:
    """A table of escalations by the day on which they were raised."""
    values = (*query.days(), today, query.kind, query.agency_id, query.area_id, query.chair_id)
    return await count(statements, STATEMENTS[query.by], values, query, EscalationFiguresOut, threshold)


def per_conference(raised: EscalationFiguresOut, held: Iterable[HeldConferences]) -> EscalationsPerConferenceOut:
    """Escalations beside the conferences of the same periods."""
    conferences = {row.key: row.conferences for row in held}
    rows = [
        EscalationsPerConferenceRowOut(
            key=row.key,
            conferences=conferences.get(row.key),
            escalations=row.raised,
            per_hundred=per_hundred(row.raised, conferences.get(row.key)),
        )
        for row in raised.rows
    ]
    return EscalationsPerConferenceOut(**raised.model_dump(exclude={"rows"}), rows=rows)


def per_hundred(escalations: int | None, conferences: int | None) -> float | None:
    """Escalations for each 100 conferences, with one digit after the point; none without conferences."""
    if escalations is None or not conferences:
        return None
    return round(100 * escalations / conferences, 1)


async def count_informal(statements: Statements, query: InformalFiguresQuery, threshold: int) -> InformalFiguresOut:
    """A table of positive challenges and good practice."""
    values = (*query.days(), query.area_id, query.chair_id)
    return await count(statements, INFORMAL[query.by], values, query, InformalFiguresOut, threshold)


async def repeats(statements: Statements, query: RepeatsQuery, today: date) -> list[RepeatOut]:
    """Who failed conferences repeatedly within some days, the most frequent first; 200 at most."""
    found = await statements.rows(REPEATS[query.by], *query.days(today), query.at_least, query.agency_id)
    return [RepeatOut(**dict(row)) for row in found]
