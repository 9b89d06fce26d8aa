"""A meeting as an entry of a calendar (RFC 5545), without anybody's name."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event

from chassis.base.clock import LONDON

PRODUCT = "-//Independent Chairs//Diary//EN"
USUAL_LENGTH = timedelta(hours=1)


def entry(planned_on: date, planned_time: time | None, **properties: Any) -> Event:
    """A meeting with these properties; one without a time is a whole day."""
    event = Event()
    starts: date | datetime = planned_on
    if planned_time is not None:
        starts = datetime.combine(planned_on, planned_time, LONDON)
        event.add("dtend", starts + USUAL_LENGTH)
    event.add("dtstart", starts)
    for name, value in properties.items():
        if value is not None:
            event.add(name, value)
    return event


def calendar(entries: Iterable[Event], date_range: tuple[date, date], properties: Mapping[str, str]) -> bytes:
    """A calendar of entries between two days (inclusive)."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    for name, value in properties.items():
        found.add(name, value)
    for event in entries:
        found.add_component(event)
    # Calendar programs need the dates when Europe/London changes its clocks (RFC 5545, section 3.6.5).
    found.add_missing_timezones(first_date=date_range[0], last_date=date_range[1])
    return bytes(found.to_ical())
