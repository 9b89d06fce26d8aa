"""Figures about conferences: every table is counted from the same rows by one statement, so that no two disagree."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from chassis.base.fields import Omittable
from chassis.db.statements import Statements
from chassis.figures.asking import ROWS_ARE, FiguresQuery, count, only
from chassis.figures.tables import PERIODS, period_key
from chassis.law.participation import PARTICIPATED, WITH_ADVOCATE, Participation
from services.conferences.figures.schemas import ConferenceFiguresOut
from services.conferences.rules.vocabulary import INITIAL_KINDS, FamilyRelationship, InvitedAs, Outcome
from services.conferences.settings import ConferencesSettings


class ConferencesBy(StrEnum):
    """What the rows of a table of conferences are."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    KIND = "kind"
    CHAIR = "chair"
    AREA = "area"
    TEAM = "team"
    CATEGORY = "category"
    AGE_BAND = "age_band"
    PARTICIPATION = "participation"


# Children without a team, category or code are counted too, so that the rows add up to the total.
KEYS = {by: period_key(kind, "part.held_on") for by, kind in PERIODS.items()} | {
    ConferencesBy.KIND: "part.kind",
    ConferencesBy.CHAIR: "part.chair_id",
    ConferencesBy.AREA: "part.area_id",
    ConferencesBy.TEAM: "coalesce(part.team, 'none')",
    ConferencesBy.CATEGORY: "coalesce(part.category, 'none')",
    ConferencesBy.AGE_BAND: "CASE WHEN unborn THEN 'unborn' WHEN age < 1 THEN '0' WHEN age < 5 THEN '1-4' "
    "WHEN age < 10 THEN '5-9' WHEN age < 16 THEN '10-15' WHEN age < 18 THEN '16-17' ELSE 'unknown' END",
    ConferencesBy.PARTICIPATION: "CASE WHEN unborn THEN 'unborn' ELSE coalesce(participation, 'unknown') END",
}


def _of(condition: str) -> str:
    """Child-conferences of which a condition is true."""
    return f"count(*) FILTER (WHERE {condition})"


def _meetings(condition: str) -> str:
    """Meetings of which a condition is true."""
    return f"count(DISTINCT conference_id) FILTER (WHERE {condition})"


def _rate(part: str, whole: str) -> str:
    return f"round({part}::numeric / nullif({whole}, 0), 4)::float8"


def _listed(words: frozenset[str] | frozenset[Participation]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


def _stage(name: str, done: str, due: str) -> dict[str, str]:
    return {
        f"{name}_in_time": _meetings(f"{done} <= {due}"),
        f"{name}_late": _meetings(f"{done} > {due} OR ({done} IS NULL AND {due} < $3)"),
    }


_TOOK_PART = f"age >= $4 AND participation IN ({_listed(PARTICIPATED)})"
COUNTS = {
    "conferences": "count(DISTINCT conference_id)",
    "child_conferences": "count(*)",
    "children": "count(DISTINCT person_id)",
    "initial": _of("kind = 'initial'"),
    "transfer_in": _of("kind = 'transfer_in'"),
    "reviews": _of(f"kind NOT IN ({_listed(INITIAL_KINDS)})"),
    "in_time": _of("in_time"),
    "late": _of("NOT in_time"),
    "timeliness": _rate(_of("in_time"), "count(in_time)"),
    "unborn": _of("unborn"),
    **{code.lower(): _of(f"participation = '{code}'") for code in Participation},
    "of_age": _of("age >= $4"),
    "participated": _of(_TOOK_PART),
    "participation": _rate(_of(_TOOK_PART), _of("age >= $4")),
    "attended": _of("attended"),
    "advocate": _of("advocate"),
    "children_with_advocate": "count(DISTINCT person_id) "
    f"FILTER (WHERE advocate OR participation IN ({_listed(WITH_ADVOCATE)}))",
    "plans_made": _of(f"outcome = '{Outcome.PLAN_MADE}'"),
    "plans_not_made": _of(f"outcome = '{Outcome.NOT_MADE}'"),
    "plans_continued": _of(f"outcome = '{Outcome.CONTINUES}'"),
    "plans_ended": _of(f"outcome = '{Outcome.ENDED}'"),
    "quorate": _meetings("quorate"),
    "inquorate": _meetings("NOT quorate"),
    "combined": _meetings("review_reference IS NOT NULL"),
    **_stage("outline_plans", "outline_plan_on", "outline_plan_due_on"),
    **_stage("records", "record_on", "record_due_on"),
}
_MEETING = "quorate, review_reference, outline_plan_on, outline_plan_due_on, record_on, record_due_on"


def _parents(name: str, relationship: FamilyRelationship) -> str:
    invited = f"count(DISTINCT invitation.id) FILTER (WHERE relationship = '{relationship}'"
    return f"{invited}) AS {name}_invited, {invited} AND attendance = 'attended') AS {name}_attended"


def _statement(key: str) -> str:
    counted = ", ".join(f"{value} AS {name}" for name, value in COUNTS.items())
    return f"""
        WITH part AS (
            SELECT {key} AS key, part.conference_id, part.person_id, kind, in_time, unborn, age, participation,
                attended, advocate, outcome, {_MEETING}
            FROM child_conference part JOIN conference ON conference.id = part.conference_id
            WHERE part.held_on BETWEEN $1 AND $2 AND {only("part.area_id", 5)} AND {only("part.chair_id", 6)}
                AND {only("part.team", 7)}
        ), counted AS (
            SELECT key, grouping(key) = 1 AS total, {counted} FROM part GROUP BY GROUPING SETS ((key), ())
        ), family AS (
            SELECT key, grouping(key) = 1 AS total, {_parents("mothers", FamilyRelationship.MOTHER)},
                {_parents("fathers", FamilyRelationship.FATHER)}
            FROM part JOIN invitation USING (conference_id)
            WHERE invited_as = '{InvitedAs.FAMILY}' AND withdrawn_on IS NULL AND person_id = ANY (person_ids)
            GROUP BY GROUPING SETS ((key), ())
        )
        SELECT counted.*, coalesce(mothers_invited, 0) AS mothers_invited,
            coalesce(mothers_attended, 0) AS mothers_attended, coalesce(fathers_invited, 0) AS fathers_invited,
            coalesce(fathers_attended, 0) AS fathers_attended
        FROM counted LEFT JOIN family ON family.total = counted.total AND coalesce(family.key, '') =
            coalesce(counted.key, '')
        ORDER BY counted.total, counted.key
    """


STATEMENTS = {by: _statement(KEYS[by]) for by in ConferencesBy}


class ConferenceFiguresQuery(FiguresQuery):
    """The parameters of `get_conference_figures`."""

    by: ConferencesBy = Field(ConferencesBy.MONTH, description=ROWS_ARE)
    participation_age: Omittable[int] = Field(
        None, ge=0, le=17, description="The age from which participation is reported; set by the council by default."
    )
    team: Omittable[str] = Field(None, description="Filter by social work team.")


async def count_conferences(
    statements: Statements, query: ConferenceFiguresQuery, today: date, settings: ConferencesSettings
) -> ConferenceFiguresOut:
    """A table of conferences that were held."""
    age = settings.participation_age if query.participation_age is None else query.participation_age
    values = (*query.days(), today, age, query.area_id, query.chair_id, query.team)
    threshold = settings.small_number_threshold
    return await count(
        statements, STATEMENTS[query.by], values, query, ConferenceFiguresOut, threshold, participation_age=age
    )
