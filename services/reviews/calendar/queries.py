"""A chair's diary as an iCalendar (RFC 5545): references, times and places, nobody's name.

It shows conferences too; a conference that is one meeting with a review is shown once, with it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from chassis.base.clock import LONDON
from chassis.db.statements import Statements
from chassis.law.labels import label
from chassis.meetings import calendar_entries

PLANNED = """
    SELECT 'review' AS what, review.reference, state, planned_on, planned_time, mode, venue,
        cardinality(person_ids) AS children, version,
        (SELECT min(due_on) FROM child_review WHERE review_id = review.id) AS due_on,
        (SELECT min(reference) FROM conference_in_diary conference
         WHERE conference.review_reference = review.reference AND conference.chair_id = $1
             AND conference.planned_on = review.planned_on AND conference.state <> 'cancelled') AS together_with
    FROM review WHERE chair_id = $1 AND planned_on BETWEEN $2 AND $3 AND state <> 'cancelled'
"""
CONFERENCES = """
    SELECT 'conference' AS what, reference, state, planned_on, planned_time, mode, NULL::text AS venue, children,
        version, NULL::date AS due_on, NULL::text AS together_with
    FROM conference_in_diary conference
    WHERE chair_id = $1 AND planned_on BETWEEN $2 AND $3 AND state <> 'cancelled' AND NOT EXISTS (
        SELECT FROM review WHERE review.reference = conference.review_reference AND review.chair_id = $1
            AND review.planned_on = conference.planned_on AND review.state <> 'cancelled')
"""
MEETINGS = f"{PLANNED} UNION ALL {CONFERENCES} ORDER BY planned_on, reference"


async def calendar(statements: Statements, chair_id: str, date_range: tuple[date, date]) -> bytes:
    """The chair's meetings between two days (inclusive); those without a time are whole days."""
    stamp = datetime.combine(date_range[0], datetime.min.time(), LONDON)
    entries = [
        calendar_entries.entry(
            row["planned_on"],
            row["planned_time"],
            uid=f"{row['reference']}@{row['what']}s",
            sequence=row["version"],
            dtstamp=stamp,
            summary=f"{row['reference']}: {row['what']} of {_children(row['children'])}",
            location=row["venue"] or (row["mode"] and label("Mode", row["mode"]).lower()),
            description=" ".join(_particulars(row)),
        )
        for row in await statements.rows(MEETINGS, chair_id, *date_range)
    ]
    named = {"x-wr-calname": "Reviews and conferences", "refresh-interval;value=duration": "PT1H"}
    return calendar_entries.calendar(entries, date_range, named)


def _particulars(row: Any) -> Iterator[str]:
    if row["due_on"] is not None:
        yield f"Due by {row['due_on']}."
    yield f"{label('ReviewState', row['state'])}."
    if row["together_with"] is not None:
        yield f"One meeting with {row['together_with']}."


def _children(count: int | None) -> str:
    if count is None:
        return "children"
    return "one child" if count == 1 else f"{count} children"
