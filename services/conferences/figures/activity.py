"""Figures about what happens between conferences, and about what closed ones propose."""

from datetime import date

from chassis.db.statements import Statements
from chassis.law.periods import PeriodKind, within
from services.conferences.figures.schemas import ConferenceActivitiesOut, ConferenceActivityOut
from services.conferences.rules.vocabulary import CheckKind, ProposalState

# A proposal that the escalations service refused was confirmed, and waits for another decision.
CONFIRMED = (ProposalState.CONFIRMED, ProposalState.RAISED, ProposalState.REFUSED)
_OF_AREA = "($3::text IS NULL OR child.area_id = $3)"


def _check(kind: CheckKind) -> str:
    counted = f"count(*) FILTER (WHERE kind = '{kind}'"
    return f"{counted}) AS {kind}_checks, {counted} AND done_on <= due_on) AS {kind}_checks_in_time"


ACTIVITY = f"""
    SELECT span.first AS first, span.last AS last_day, discussion.*, checked.*, met.*, feedback.*, proposed.*
    FROM unnest($1::date[], $2::date[]) AS span (first, last)
    CROSS JOIN LATERAL (
        SELECT count(*) AS twelve_month_discussions,
            count(*) FILTER (WHERE held_on <= due_on) AS twelve_month_discussions_in_time
        FROM twelve_month_discussion JOIN child USING (person_id)
        WHERE held_on BETWEEN span.first AND span.last AND {_OF_AREA}
    ) discussion
    CROSS JOIN LATERAL (
        SELECT {_check(CheckKind.MIDWAY)}, {_check(CheckKind.PREPARATION)}, count(concern) AS concerns
        FROM plan_check JOIN child USING (person_id)
        WHERE done_on BETWEEN span.first AND span.last AND {_OF_AREA}
    ) checked
    CROSS JOIN LATERAL (
        SELECT count(held_on) AS core_groups_held, count(*) FILTER (WHERE held_on <= due_on) AS core_groups_in_time,
            count(*) FILTER (WHERE held_on IS NULL) AS core_groups_missed
        FROM core_group JOIN child USING (person_id)
        WHERE coalesce(held_on, due_on) BETWEEN span.first AND span.last AND {_OF_AREA}
    ) met
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE rating = 'red') AS feedback_red,
            count(*) FILTER (WHERE rating = 'amber') AS feedback_amber,
            count(*) FILTER (WHERE rating = 'green') AS feedback_green
        FROM feedback JOIN conference USING (reference)
        WHERE given_on BETWEEN span.first AND span.last AND ($3::text IS NULL OR conference.area_id = $3)
    ) feedback
    CROSS JOIN LATERAL (
        SELECT count(*) AS proposals, count(*) FILTER (WHERE state = '{ProposalState.PROPOSED}') AS proposals_undecided,
            count(*) FILTER (WHERE state IN ({", ".join(f"'{state}'" for state in CONFIRMED)})) AS proposals_confirmed,
            count(*) FILTER (WHERE state = '{ProposalState.RAISED}') AS proposals_raised,
            count(*) FILTER (WHERE state = '{ProposalState.DISMISSED}') AS proposals_dismissed
        FROM proposal
        WHERE proposed_on BETWEEN span.first AND span.last AND ($3::text IS NULL OR area_id = $3)
    ) proposed
    ORDER BY span.first
"""


async def activity(
    statements: Statements, kind: PeriodKind, first: date, last: date, area_id: str | None
) -> ConferenceActivitiesOut:
    """Activity, period by period, counted from the same records by one statement."""
    parts = within(kind, first, last)
    found = await statements.rows(
        ACTIVITY, [period.first for period in parts], [period.last for period in parts], area_id
    )
    names = [name for name in ConferenceActivityOut.model_fields if name != "key"]
    rows = [
        ConferenceActivityOut(key=part.label, **{name: row[name] for name in names})
        for part, row in zip(parts, found, strict=True)
    ]
    return ConferenceActivitiesOut(by=kind, first_day=first, last_day=last, rows=rows)
