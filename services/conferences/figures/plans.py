"""Figures about child protection plans: who was on one, on any day, and which started and ended."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.db.statements import Statements
from chassis.figures.tables import periods_of, table
from services.conferences.figures.schemas import OF_A_DAY, PlanFigureOut, PlanFiguresOut
from services.conferences.rules.plans import SHORT_MONTHS, SOON_AGAIN_MONTHS, WATCHED_AFTER_MONTHS
from services.conferences.rules.vocabulary import Category


class PlansBy(StrEnum):
    """What the rows of a table of plans are."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    CATEGORY = "category"
    CHAIR = "chair"
    AREA = "area"
    TEAM = "team"


KEYS = {
    PlansBy.CATEGORY: "category",
    PlansBy.CHAIR: "coalesce(chair_id, 'none')",
    PlansBy.AREA: "area_id",
    PlansBy.TEAM: "coalesce(team, 'none')",
}
_STARTED, _ENDED = "starts_on BETWEEN first AND last", "ends_on BETWEEN first AND last"


def _months(day: str, count: int) -> str:
    return f"{day} + interval '{count} months'"


def _of(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


def _ran(*conditions: str) -> str:
    """Plans that ended and had run as these say, as `rules.plans.duration_of` groups them."""
    return _of(" AND ".join((_ENDED, *conditions)))


_CATEGORIES = {
    "neglect": Category.NEGLECT,
    "physical": Category.PHYSICAL,
    "sexual": Category.SEXUAL,
    "emotional": Category.EMOTIONAL,
    "multiple": Category.MULTIPLE,
}
_COUNTS = {
    "open": _of("is_open"),
    **{name: _of(f"is_open AND category = '{category}'") for name, category in _CATEGORIES.items()},
    "long": _of(f"is_open AND {_months('starts_on', WATCHED_AFTER_MONTHS)} <= last"),
    "started": _of(_STARTED),
    "started_repeat": _of(f"{_STARTED} AND previous_plans > 0"),
    "started_within_two_years": _of(f"{_STARTED} AND starts_on <= {_months('previous_ended_on', SOON_AGAIN_MONTHS)}"),
    "ended": _of(_ENDED),
    "ended_up_to_three_months": _ran(f"ends_on <= {_months('starts_on', SHORT_MONTHS)}"),
    "ended_up_to_six_months": _ran(
        f"ends_on > {_months('starts_on', SHORT_MONTHS)}", f"ends_on <= {_months('starts_on', 6)}"
    ),
    "ended_under_one_year": _ran(f"ends_on > {_months('starts_on', 6)}", f"ends_on < {_months('starts_on', 12)}"),
    "ended_under_two_years": _ran(f"ends_on >= {_months('starts_on', 12)}", f"ends_on < {_months('starts_on', 24)}"),
    "ended_two_years_or_more": _ran(f"ends_on >= {_months('starts_on', 24)}"),
}


def _statement(key: str, groups: str) -> str:
    """Plans that ran in the spans of days `$1` to `$2`, whose labels are `$3`: the one without a label is the total.

    The category is that of the last conference up to the span's last day. For a plan imported from a return,
    nobody knows when it changed.
    """
    counted = ", ".join(f"{value} AS {name}" for name, value in _COUNTS.items())
    return f"""
        WITH running AS (
            SELECT span.label, span.first, span.last, plan.*,
                plan.ends_on IS NULL OR plan.ends_on > span.last AS is_open
            FROM unnest($1::date[], $2::date[], $3::text[]) AS span (first, last, label)
            JOIN protection_plan plan
                ON plan.starts_on <= span.last AND (plan.ends_on IS NULL OR plan.ends_on >= span.first)
            WHERE plan.starts_on <= $5 AND (plan.ends_on IS NULL OR plan.ends_on >= $4)
                AND ($6::text IS NULL OR plan.area_id = $6)
        ), plan AS (
            SELECT running.*, coalesce(
                    known.category, CASE WHEN imported THEN latest_category ELSE initial_category END
                ) AS category
            FROM running LEFT JOIN LATERAL (
                SELECT category FROM child_conference
                WHERE plan_id = running.id AND held_on <= running.last AND category IS NOT NULL
                ORDER BY held_on DESC LIMIT 1
            ) known ON true
        )
        SELECT {key} AS key, grouping({key}) = 1 {"OR label IS NULL" if key == "label" else ""} AS total, {counted}
        FROM plan GROUP BY {groups} ORDER BY total, key
    """


PERIOD_STATEMENT = _statement("label", "label")
STATEMENTS = {by: _statement(key, f"GROUPING SETS (({key}), ())") for by, key in KEYS.items()}


@dataclass(frozen=True)
class PlansQuestion:
    """A table that somebody wants: what its rows are, about which days, and in which area."""

    by: PlansBy
    first: date
    last: date
    area_id: str | None = None


async def count_plans(statements: Statements, wanted: PlansQuestion, suppress_below: int | None) -> PlanFiguresOut:
    """A table of plans: a row for each key, periods without any included, then the total."""
    periods = periods_of(wanted.by, wanted.first, wanted.last)
    spans: list[tuple[date, date, str | None]] = [(wanted.first, wanted.last, None)]
    spans += [(period.first, period.last, period.label) for period in periods or ()]
    firsts, lasts, labels = zip(*spans, strict=True)
    found = await statements.rows(
        STATEMENTS.get(wanted.by, PERIOD_STATEMENT),
        list(firsts),
        list(lasts),
        list(labels),
        wanted.first,
        wanted.last,
        wanted.area_id,
    )
    # Counts on a date are not added up over a longer period.
    apart = () if wanted.by in STATEMENTS else OF_A_DAY
    rows = table(PlanFigureOut, found, periods, suppress_below=suppress_below, apart=apart)
    return PlanFiguresOut(
        by=wanted.by, first_day=wanted.first, last_day=wanted.last, suppressed_below=suppress_below, rows=rows
    )
