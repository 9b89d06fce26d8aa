"""Moving the council's clock to another day."""

from datetime import UTC, date, datetime, timedelta

from chassis.base import clock


def until(day: date) -> timedelta:
    """How far the clock moves for it to be that day, at the same time of the day in Europe/London.

    So many times 24 hours end on another day where it is nearly midnight and summer time begins in between.
    """
    here = clock.now()
    there = datetime.combine(day, here.astimezone(clock.LONDON).time(), clock.LONDON)
    return there.astimezone(UTC) - here
