"""A chair's diary as an iCalendar (RFC 5545): references, times and places, nobody's name."""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from chassis.clock import LONDON
from chassis.statements import Statements

PLANNED = """
    SELECT review.reference, state, planned_on, planned_time, mode, venue, cardinality(person_ids) AS children, version,
        (SELECT min(due_on) FROM child_review WHERE review_id = review.id) AS due_on
    FROM review WHERE chair_id = $1 AND planned_on BETWEEN $2 AND $3 AND state <> 'cancelled'
    ORDER BY planned_on, review.id
"""
USUAL_LENGTH = timedelta(hours=1)
PRODUCT = "-//Independent Chairs//Diary//EN"


async def calendar(statements: Statements, chair_id: str, date_range: tuple[date, date]) -> bytes:
    """The chair's meetings between two days (inclusive); those without a time are whole days."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("x-wr-calname", "Reviews")
    found.add("refresh-interval;value=duration", "PT1H")
    for row in await statements.rows(PLANNED, chair_id, *date_range):
        event = Event()
        event.add("uid", f"{row['reference']}@reviews")
        event.add("sequence", row["version"])
        starts: date | datetime = row["planned_on"]
        if row["planned_time"] is not None:
            starts = datetime.combine(row["planned_on"], row["planned_time"], LONDON)
            event.add("dtend", starts + USUAL_LENGTH)
        event.add("dtstart", starts)
        event.add("dtstamp", datetime.combine(date_range[0], datetime.min.time(), LONDON))
        event.add("summary", f"{row['reference']}: review of {_children(row['children'])}")
        event.add("location", row["venue"] or row["mode"].replace("_", " "))
        if row["due_on"] is not None:
            event.add("description", f"Due by {row['due_on']}. {row['state'].capitalize()}.")
        found.add_component(event)
    # Calendar programs need to be told when Europe/London changes its clocks (RFC 5545, section 3.6.5).
    found.add_missing_timezones(first_date=date_range[0], last_date=date_range[1])
    return bytes(found.to_ical())


def _children(count: int) -> str:
    return "one child" if count == 1 else f"{count} children"
