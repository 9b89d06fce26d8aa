"""Figures about child protection plans: who was on one, on any day, and which started and ended."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid
from chassis.db.statements import Statements
from chassis.figures.asking import FORMS, ROWS_ARE, FiguresQuery, count, only
from chassis.figures.tables import PERIODS
from chassis.law.working_days import add_months
from services.conferences.figures.schemas import OF_A_DAY, PlanFiguresOut
from services.conferences.rules.plans import SHORT_MONTHS, SOON_AGAIN_MONTHS, WATCHED_AFTER_MONTHS
from services.conferences.rules.vocabulary import Category, PlanEnd


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
    "ended_by_conference": _ran(f"end_reason = '{PlanEnd.CONFERENCE}'"),
    "ended_otherwise": _ran(f"end_reason <> '{PlanEnd.CONFERENCE}'"),
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
                AND {only("plan.area_id", 6)} AND {only("plan.chair_id", 7)} AND {only("plan.team", 8)}
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


class PlanFiguresQuery(FiguresQuery):
    """The parameters of `get_protection_plan_figures`: a period or a date."""

    period: Omittable[str] = Field(None, max_length=10, description=FORMS)  # type: ignore[assignment]
    on: Omittable[Day] = Field(None, description="A single date, instead of a period.")
    by: PlansBy = Field(PlansBy.MONTH, description=f"{ROWS_ARE} Of a single date, `day` by default.")
    team: Omittable[str] = Field(None, description="Filter by social work team.")

    @model_validator(mode="after")
    def _day_by_default(self) -> Self:
        if self.on is not None and "by" not in self.model_fields_set:
            self.by = PlansBy.DAY
        return self

    def before(self) -> Self:
        """The same question one period earlier; of a single date, a year earlier."""
        return super().before() if self.on is None else self.model_copy(update={"on": add_months(self.on, -12)})

    def days(self) -> tuple[date, date]:
        """The first and the last day of the table: of the period, or twice the date."""
        if self.on is not None:
            if self.period is not None or self.until is not None:
                raise Invalid.field("on", "instead_of_period", "Enter a date or a period, not both.")
            if self.by in PERIODS:
                raise Invalid.field("by", "divides_period", "A single date cannot be divided into periods.")
            return self.on, self.on
        if self.period is None:
            raise Invalid.field("period", "required", "Enter a period or a date.")
        if self.by is PlansBy.DAY:
            raise Invalid.field("by", "divides_period", "To get a table by day, enter the date in `on`.")
        return super().days()


async def count_plans(statements: Statements, query: PlanFiguresQuery, threshold: int) -> PlanFiguresOut:
    """A table of plans: those open on the last day, and all that started and ended."""
    first, last = query.days()
    spans: list[tuple[date, date, str | None]] = [(first, last, None)]
    spans += [(period.first, period.last, period.label) for period in query.periods() or ()]
    values = (*map(list, zip(*spans, strict=True)), first, last, query.area_id, query.chair_id, query.team)
    # Counts on a date are not added up over a longer period.
    apart = () if query.by in STATEMENTS else OF_A_DAY
    statement = STATEMENTS.get(query.by, PERIOD_STATEMENT)
    return await count(statements, statement, values, query, PlanFiguresOut, threshold, apart=apart)
