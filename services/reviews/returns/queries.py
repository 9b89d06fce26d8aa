"""The SSDA903 return's reviews of a year, and their checks before they are sent."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chassis.db.statements import Statements
from chassis.law.participation import Participation, possible_codes
from chassis.law.periods import Period
from services.reviews.returns.schemas import ReturnChecksOut, ReturnFindingOut
from services.reviews.rules.vocabulary import RETURNED_TRACKS, Track

COLUMNS = ("CHILD", "DOB", "REVIEW", "REVIEW_CODE")
RETURNED = """
    SELECT part.person_id, child.born_on, part.held_on, part.participation, part.reference, part.in_time, part.due_on,
        EXISTS (SELECT FROM period_of_care care WHERE care.person_id = part.person_id AND NOT care.short_breaks
            AND care.starts_on <= part.held_on AND (care.ends_on IS NULL OR care.ends_on >= part.held_on)) AS in_care
    FROM child_review part JOIN chassis.child ON child.person_id = part.person_id
    WHERE part.held_on BETWEEN $1 AND $2 AND part.track = ANY ($3)
    ORDER BY part.person_id, part.held_on, part.reference
"""
LEFT_OUT = "SELECT count(*) AS count FROM child_review WHERE held_on BETWEEN $1 AND $2 AND track = $3"


async def _rows(statements: Statements, year: Period) -> list[Any]:
    return await statements.rows(RETURNED, year.first, year.last, sorted(RETURNED_TRACKS))


async def export(statements: Statements, year: Period) -> str:
    """The Reviews file of a year: CHILD, DOB, REVIEW, REVIEW_CODE, a row for each child for each review."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in await _rows(statements, year):
        days = (f"{row['born_on']:%d/%m/%Y}", f"{row['held_on']:%d/%m/%Y}")
        writer.writerow([row["person_id"], *days, row["participation"]])
    return text.getvalue()


async def check(statements: Statements, year: Period) -> ReturnChecksOut:
    """Check a year's return: findings that block it, and information such as late reviews."""
    rows = await _rows(statements, year)
    left_out = await statements.first_row(LEFT_OUT, year.first, year.last, Track.SHORT_BREAKS)
    same_day = Counter((row["person_id"], row["held_on"]) for row in rows)
    return ReturnChecksOut(
        year=year.label,
        rows=len(rows),
        children=len({row["person_id"] for row in rows}),
        short_break_reviews_left_out=left_out["count"],
        findings=[finding for row in rows for finding in _findings(row, same_day)],
    )


def _findings(row: Any, same_day: Counter[tuple[str, Any]]) -> Iterator[ReturnFindingOut]:
    def found(rule: str, message: str, *, blocking: bool = True) -> ReturnFindingOut:
        return ReturnFindingOut(
            rule=rule,
            blocking=blocking,
            person_id=row["person_id"],
            reference=row["reference"],
            held_on=row["held_on"],
            message=message,
        )

    if same_day[row["person_id"], row["held_on"]] > 1:
        yield found("duplicate", "The child has more than one review on this day.")
    if not row["in_care"]:
        yield found("outside_care", "The child was not looked after on this day.")
    if Participation(row["participation"]) not in possible_codes(row["born_on"], row["held_on"]):
        yield found("code_and_age", "The code does not fit the child's age on this day.")
    if row["in_time"] is False:
        message = f"It was due on {row['due_on']}; the return does not show this, but inspectors ask."
        yield found("late", message, blocking=False)
