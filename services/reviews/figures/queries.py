"""Figures: every table of reviews is counted from the same rows by one statement, so that no two can disagree."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.db.statements import Statements
from chassis.figures.tables import PERIODS, period_key, periods_of, table
from chassis.law.participation import PARTICIPATED
from chassis.law.periods import PeriodKind, within
from services.reviews.figures.schemas import ActivitiesOut, ActivityOut, ReviewFigureOut, ReviewFiguresOut
from services.reviews.rules.vocabulary import RETURNED_TRACKS, Track


class ReviewsBy(StrEnum):
    """What the rows of a table of figures are."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    KIND = "kind"
    SEQUENCE = "sequence"
    CHAIR = "chair"
    AREA = "area"
    TEAM = "team"
    AGE_BAND = "age_band"
    PARTICIPATION = "participation"


class WhichReviews(StrEnum):
    """Which reviews are counted."""

    LOOKED_AFTER = "looked_after"
    SHORT_BREAKS = "short_breaks"
    SECURE = "secure"
    DISRUPTION = "disruption"
    ALL = "all"


KEYS = {by: period_key(kind, "held_on") for by, kind in PERIODS.items()} | {
    ReviewsBy.KIND: "kind",
    ReviewsBy.SEQUENCE: "track",
    ReviewsBy.CHAIR: "chair_id",
    ReviewsBy.AREA: "area_id",
    # Children without a team are counted too, so that the rows add up to the total.
    ReviewsBy.TEAM: "coalesce(team, 'none')",
    ReviewsBy.AGE_BAND: "CASE WHEN age < 4 THEN '0-3' WHEN age < 8 THEN '4-7' WHEN age < 12 THEN '8-11' "
    "WHEN age < 16 THEN '12-15' ELSE '16-17' END",
    ReviewsBy.PARTICIPATION: "participation",
}
# What the annual report counts as reviews of looked-after children: the statutory return's, and nothing besides.
TRACKS = {
    WhichReviews.LOOKED_AFTER: sorted(RETURNED_TRACKS),
    WhichReviews.SHORT_BREAKS: [Track.SHORT_BREAKS],
    WhichReviews.SECURE: [Track.SECURE],
    WhichReviews.DISRUPTION: [Track.DISRUPTION],
    WhichReviews.ALL: sorted(Track),
}
_CODES = ", ".join(f"'{code}'" for code in sorted(PARTICIPATED))


def _stage(name: str, done: str, due: str) -> str:
    return f"""count(*) FILTER (WHERE {done} <= {due}) AS {name}_in_time,
        count(*) FILTER (WHERE {done} > {due} OR ({done} IS NULL AND {due} < $3)) AS {name}_late"""


def _statement(key: str) -> str:
    return f"""
        SELECT {key} AS key, grouping({key}) = 1 AS total,
            count(DISTINCT review_id) AS reviews, count(*) AS child_reviews, count(DISTINCT person_id) AS children,
            count(*) FILTER (WHERE in_time) AS in_time, count(*) FILTER (WHERE NOT in_time) AS late,
            round(count(*) FILTER (WHERE in_time)::numeric / nullif(count(in_time), 0), 4)::float8 AS timeliness,
            count(*) FILTER (WHERE age >= $4) AS of_age,
            count(*) FILTER (WHERE age >= $4 AND participation IN ({_CODES})) AS participated,
            round(count(*) FILTER (WHERE age >= $4 AND participation IN ({_CODES}))::numeric
                / nullif(count(*) FILTER (WHERE age >= $4), 0), 4)::float8 AS participation,
            count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE seen_alone) AS seen_alone,
            count(*) FILTER (WHERE attended IS NOT NULL AND seen_alone IS NOT NULL) AS attendance_known,
            count(consultation_sent_on) AS consultation_sent, count(consultation_returned_on) AS consultation_returned,
            {_stage("decisions", "decisions_on", "decisions_due_on")},
            count(*) FILTER (WHERE EXISTS (SELECT FROM decision WHERE child_review_id = child_review.id
                AND objection IS NOT NULL)) AS objected,
            {_stage("records", "record_on", "record_due_on")},
            {_stage("distributed", "distributed_on", "distribution_due_on")}
        FROM child_review
        WHERE held_on BETWEEN $1 AND $2 AND track = ANY ($5) AND ($6::text IS NULL OR area_id = $6)
            AND ($7::text IS NULL OR chair_id = $7) AND ($8::boolean IS NULL OR remand = $8)
        GROUP BY GROUPING SETS (({key}), ())
        ORDER BY total, key
    """


STATEMENTS = {by: _statement(key) for by, key in KEYS.items()}


@dataclass(frozen=True)
class Question:
    """What a table counts: its rows, days and reviews."""

    by: ReviewsBy
    first: date
    last: date
    which: WhichReviews
    participation_age: int
    area_id: str | None = None
    chair_id: str | None = None
    remand: bool | None = None


async def count(statements: Statements, wanted: Question, today: date, suppress_below: int | None) -> ReviewFiguresOut:
    """A table of figures: a row for each key, periods without any included, then the total.

    `suppress_below` leaves out counts that could identify somebody.
    """
    found = await statements.rows(
        STATEMENTS[wanted.by],
        wanted.first,
        wanted.last,
        today,
        wanted.participation_age,
        TRACKS[wanted.which],
        wanted.area_id,
        wanted.chair_id,
        wanted.remand,
    )
    periods = periods_of(wanted.by, wanted.first, wanted.last)
    rows = table(ReviewFigureOut, found, periods, suppress_below=suppress_below)
    return ReviewFiguresOut(
        by=wanted.by,
        first_day=wanted.first,
        last_day=wanted.last,
        participation_age=wanted.participation_age,
        suppressed_below=suppress_below,
        rows=rows,
    )


_OPEN = "period.starts_on <= span.last AND (period.ends_on IS NULL OR period.ends_on > span.last)"
ACTIVITY = f"""
    SELECT span.first AS first, span.last AS last_day, care.*, visit.visits, recent.visited_within_6_months,
        midpoint.*, leaving.*, feedback.*, referral.*
    FROM unnest($1::date[], $2::date[]) AS span (first, last)
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE {_OPEN} AND NOT period.short_breaks) AS looked_after,
            count(*) FILTER (WHERE {_OPEN} AND period.short_breaks) AS short_breaks,
            count(*) FILTER (WHERE {_OPEN} AND NOT EXISTS (
                SELECT FROM allocation WHERE allocation.person_id = period.person_id
                    AND allocation.starts_on <= span.last
                    AND (allocation.ends_on IS NULL OR allocation.ends_on >= span.last))) AS unallocated,
            count(*) FILTER (WHERE period.starts_on >= span.first AND NOT period.short_breaks) AS started,
            count(*) FILTER (WHERE period.ends_on BETWEEN span.first AND span.last AND NOT period.short_breaks)
                AS ceased
        FROM period_of_care period JOIN looked_after_child child USING (person_id)
        WHERE period.starts_on <= span.last AND (period.ends_on IS NULL OR period.ends_on >= span.first)
            AND ($3::text IS NULL OR child.area_id = $3)
    ) care
    CROSS JOIN LATERAL (
        SELECT count(*) AS visits FROM contact JOIN looked_after_child child USING (person_id)
        WHERE kind = 'visit' AND happened_on BETWEEN span.first AND span.last
            AND ($3::text IS NULL OR child.area_id = $3)
    ) visit
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT period.person_id) AS visited_within_6_months
        FROM contact JOIN period_of_care period USING (person_id) JOIN looked_after_child child USING (person_id)
        WHERE kind = 'visit' AND happened_on BETWEEN span.last - interval '6 months' AND span.last
            AND happened_on + interval '6 months' >= span.last AND {_OPEN} AND NOT period.short_breaks
            AND ($3::text IS NULL OR child.area_id = $3)
    ) recent
    CROSS JOIN LATERAL (
        SELECT count(*) AS midpoint_checks, count(*) FILTER (WHERE done_on <= due_on) AS midpoint_checks_in_time
        FROM midpoint_check JOIN looked_after_child child USING (person_id)
        WHERE done_on BETWEEN span.first AND span.last AND ($3::text IS NULL OR child.area_id = $3)
    ) midpoint
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE approval = 'director') AS directors_decisions,
            count(*) FILTER (WHERE approval = 'nominated_officer') AS nominated_officers_decisions
        FROM leaving_care_decision JOIN looked_after_child child USING (person_id)
        WHERE decided_on BETWEEN span.first AND span.last AND ($3::text IS NULL OR child.area_id = $3)
    ) leaving
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE rating = 'red') AS feedback_red,
            count(*) FILTER (WHERE rating = 'amber') AS feedback_amber,
            count(*) FILTER (WHERE rating = 'green') AS feedback_green
        FROM feedback JOIN review USING (reference)
        WHERE given_on BETWEEN span.first AND span.last AND ($3::text IS NULL OR review.area_id = $3)
    ) feedback
    CROSS JOIN LATERAL (
        SELECT count(*) AS disruption_referrals,
            count(*) FILTER (WHERE state = 'accepted') AS disruption_referrals_accepted
        FROM disruption_referral JOIN looked_after_child child USING (person_id)
        WHERE referred_on BETWEEN span.first AND span.last AND ($3::text IS NULL OR child.area_id = $3)
    ) referral
    ORDER BY span.first
"""


async def activity(
    statements: Statements, kind: PeriodKind, first: date, last: date, area_id: str | None
) -> ActivitiesOut:
    """Population and activity, period by period, counted from the same records by one statement."""
    parts = within(kind, first, last)
    found = await statements.rows(
        ACTIVITY, [period.first for period in parts], [period.last for period in parts], area_id
    )
    rows = [
        ActivityOut(key=part.label, **{name: row[name] for name in ActivityOut.model_fields if name != "key"})
        for part, row in zip(parts, found, strict=True)
    ]
    return ActivitiesOut(by=kind, first_day=first, last_day=last, rows=rows)
