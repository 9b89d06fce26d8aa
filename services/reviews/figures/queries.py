"""Figures: every table of reviews is counted from the same rows by one statement, so that no two can disagree."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from chassis.base.fields import Omittable
from chassis.db.statements import Statements
from chassis.figures.asking import ROWS_ARE, FiguresQuery, count, only
from chassis.figures.tables import PERIODS, period_key
from chassis.law.participation import PARTICIPATED, WITH_ADVOCATE
from services.reviews.figures.schemas import ReviewFiguresOut
from services.reviews.rules.vocabulary import CASE_TRACKS, RETURNED_TRACKS, Prompt, ReferralOutcome, Relationship, Track
from services.reviews.settings import ReviewsSettings


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

_WITH_ADVOCATE = f"""participation IN ({", ".join(f"'{code}'" for code in sorted(WITH_ADVOCATE))}) OR EXISTS (
    SELECT FROM invitation WHERE invitation.review_id = child_review.review_id AND attendance = 'attended'
        AND relationship = '{Relationship.ADVOCATE}' AND child_review.person_id = ANY (person_ids))"""


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
            count(DISTINCT person_id) FILTER (WHERE {_WITH_ADVOCATE}) AS children_with_advocate,
            count(consultation_sent_on) AS consultation_sent, count(consultation_returned_on) AS consultation_returned,
            {_stage("decisions", "decisions_on", "decisions_due_on")},
            count(*) FILTER (WHERE EXISTS (SELECT FROM decision WHERE child_review_id = child_review.id
                AND objection IS NOT NULL)) AS objected,
            {_stage("records", "record_on", "record_due_on")},
            {_stage("distributed", "distributed_on", "distribution_due_on")}
        FROM child_review
        WHERE held_on BETWEEN $1 AND $2 AND track = ANY ($5) AND {only("area_id", 6)} AND {only("chair_id", 7)}
            AND {only("team", 8)} AND {only("remand", 9, "boolean")}
        GROUP BY GROUPING SETS (({key}), ())
        ORDER BY total, key
    """


STATEMENTS = {by: _statement(key) for by, key in KEYS.items()}


class ReviewFiguresQuery(FiguresQuery):
    """The parameters of `get_review_figures`."""

    by: ReviewsBy = Field(ReviewsBy.MONTH, description=ROWS_ARE)
    which: WhichReviews = Field(
        WhichReviews.LOOKED_AFTER, description="Which reviews to count; those of the statutory return by default."
    )
    participation_age: Omittable[int] = Field(
        None, ge=0, le=17, description="The age from which participation is counted; set by the council by default."
    )
    team: Omittable[str] = Field(None, description="Filter by social work team.")
    remand: Omittable[bool] = Field(None, description="Filter by whether the child was remanded.")


async def count_reviews(
    statements: Statements, query: ReviewFiguresQuery, today: date, settings: ReviewsSettings
) -> ReviewFiguresOut:
    """A table of reviews that were held."""
    age = settings.participation_age if query.participation_age is None else query.participation_age
    filters = (query.area_id, query.chair_id, query.team, query.remand)
    values = (*query.days(), today, age, TRACKS[query.which], *filters)
    threshold = settings.small_number_threshold
    return await count(
        statements, STATEMENTS[query.by], values, query, ReviewFiguresOut, threshold, participation_age=age
    )


def _reviews(*conditions: str) -> str:
    """Reviews of the main sequence, between which a plan is checked."""
    tracks = ", ".join(f"'{track}'" for track in sorted(CASE_TRACKS))
    return " AND ".join((f"track IN ({tracks})", *conditions))


# A child's own care, and who the child is.
_CARED_FOR = "looked_after_child own USING (person_id) JOIN chassis.child child USING (person_id)"
_OF_CHILD = f"{only('child.area_id', 3)} AND {only('own.chair_id', 4)} AND {only('child.team', 5)}"
_OPEN = "period.starts_on <= span.last AND (period.ends_on IS NULL OR period.ends_on > span.last)"
_FIRST, _LAST = "(SELECT min(day) FROM unnest($1::date[]) day)", "(SELECT max(day) FROM unnest($2::date[]) day)"
# What is the same for every span is found once: the days on which a child had a chair and was visited within six
# months, and the checks that were due.
ACTIVITY = f"""
    WITH period AS MATERIALIZED (
        SELECT period.*,
            (SELECT range_agg(daterange(starts_on, ends_on, '[]')) FROM allocation
                WHERE allocation.person_id = period.person_id) AS with_chair,
            (SELECT range_agg(daterange(happened_on, date(happened_on + interval '6 months'), '[]')) FROM contact
                WHERE contact.person_id = period.person_id AND kind = 'visit') AS visited
        FROM period_of_care period JOIN {_CARED_FOR}
        WHERE period.starts_on <= {_LAST}
            AND (period.ends_on IS NULL OR period.ends_on >= {_FIRST}) AND {_OF_CHILD}
    ), check_due AS MATERIALIZED (
        SELECT check_due_on, count(*) AS due, count(done_on) AS done
        FROM (
            SELECT part.*, done.done_on,
                coalesce(done.due_on, part.held_on + (part.next_due_on - part.held_on) / 2) AS check_due_on
            FROM child_review part LEFT JOIN midpoint_check done
                ON done.person_id = part.person_id AND done.reviewed_on = part.held_on
            WHERE {_reviews(f"part.held_on BETWEEN {_FIRST} - 365 AND {_LAST}")}
        ) part JOIN {_CARED_FOR}
        WHERE check_due_on - part.held_on BETWEEN 0 AND 365 AND {_OF_CHILD}
            AND NOT EXISTS (SELECT FROM child_review later WHERE later.person_id = part.person_id
                AND {_reviews("later.held_on > part.held_on", "later.held_on <= check_due_on")})
            AND EXISTS (SELECT FROM period_of_care period WHERE period.person_id = part.person_id
                AND period.starts_on <= check_due_on AND coalesce(period.ends_on > check_due_on, true))
        GROUP BY check_due_on
    )
    SELECT span.last AS last_day, care.*, visit.visits, midpoint.*, midpoint_due.*, leaving.*, feedback.*, referral.*,
        life_links.*
    FROM unnest($1::date[], $2::date[]) AS span (first, last)
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE {_OPEN} AND NOT period.short_breaks) AS looked_after,
            count(*) FILTER (WHERE {_OPEN} AND period.short_breaks) AS short_breaks,
            count(*) FILTER (WHERE {_OPEN} AND (with_chair @> span.last) IS NOT TRUE) AS unallocated,
            count(*) FILTER (WHERE period.starts_on >= span.first AND NOT period.short_breaks) AS started,
            count(*) FILTER (WHERE period.ends_on BETWEEN span.first AND span.last AND NOT period.short_breaks)
                AS ceased,
            count(DISTINCT person_id) FILTER (WHERE {_OPEN} AND NOT period.short_breaks AND visited @> span.last)
                AS visited_within_6_months
        FROM period WHERE period.starts_on <= span.last AND (period.ends_on IS NULL OR period.ends_on >= span.first)
    ) care
    CROSS JOIN LATERAL (
        SELECT count(*) AS visits FROM contact JOIN {_CARED_FOR}
        WHERE kind = 'visit' AND happened_on BETWEEN span.first AND span.last
            AND {_OF_CHILD}
    ) visit
    CROSS JOIN LATERAL (
        SELECT count(*) AS midpoint_checks, count(*) FILTER (WHERE done_on <= due_on) AS midpoint_checks_in_time
        FROM midpoint_check JOIN {_CARED_FOR}
        WHERE done_on BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) midpoint
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(due), 0)::int AS midpoint_checks_due,
            coalesce(sum(done), 0)::int AS midpoint_checks_due_done
        FROM check_due WHERE check_due_on BETWEEN span.first AND span.last
    ) midpoint_due
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE approval = 'director') AS directors_decisions,
            count(*) FILTER (WHERE approval = 'nominated_officer') AS nominated_officers_decisions
        FROM leaving_care_decision JOIN {_CARED_FOR}
        WHERE decided_on BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) leaving
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE rating = 'red') AS feedback_red,
            count(*) FILTER (WHERE rating = 'amber') AS feedback_amber,
            count(*) FILTER (WHERE rating = 'green') AS feedback_green
        FROM feedback JOIN review USING (reference)
        WHERE given_on BETWEEN span.first AND span.last AND {only("review.area_id", 3)}
            AND {only("review.chair_id", 4)} AND ($5::text IS NULL OR EXISTS (
                SELECT FROM child_review part WHERE part.reference = review.reference AND part.team = $5))
    ) feedback
    CROSS JOIN LATERAL (
        SELECT count(*) AS disruption_referrals,
            count(*) FILTER (WHERE state = 'accepted') AS disruption_referrals_accepted
        FROM disruption_referral JOIN {_CARED_FOR}
        WHERE referred_on BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) referral
    CROSS JOIN LATERAL (
        SELECT count(*) AS life_links_referred,
            count(*) FILTER (WHERE outcome = '{ReferralOutcome.DECLINED}') AS life_links_declined,
            count(*) FILTER (WHERE outcome = '{ReferralOutcome.WORKED_WITH}') AS life_links_worked_with,
            count(*) FILTER (WHERE outcome IS NULL) AS life_links_open
        FROM prompt_done JOIN {_CARED_FOR}
        WHERE prompt = '{Prompt.LIFE_LINKS}' AND done_on BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) life_links
    ORDER BY span.first
"""
