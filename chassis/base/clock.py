"""The one place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

LONDON = ZoneInfo("Europe/London")

_offset = timedelta(0)


def machine_now() -> datetime:
    """The machine's own moment, in UTC: for tokens and signatures, whose peers do not share our offset."""
    return datetime.now(UTC)  # noqa: TID251 -- here and nowhere else.


def now() -> datetime:
    """The council's present moment, in UTC; in development it may run ahead of or behind the machine's."""
    return machine_now() + _offset


def offset() -> timedelta:
    """How far the council's time is ahead of the machine's; below zero it is behind."""
    return _offset


def today() -> date:
    """The council's present day in Europe/London."""
    return london_day(now())


def london_day(moment: datetime) -> date:
    """The day in Europe/London on which an aware moment falls."""
    return moment.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Europe/London, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def shift(offset: timedelta) -> None:
    """Move this process's council time away from the machine's; settings allow it in development alone."""
    global _offset  # noqa: PLW0603 -- a process has one clock.
    _offset = offset


@contextmanager
def shifted(offset: timedelta) -> Iterator[None]:
    """Move the council's time on, or back, for the length of a block."""
    before = _offset
    shift(before + offset)
    try:
        yield
    finally:
        shift(before)


# FastAPI runs plain functions in a thread of their own, coroutines in place.
async def _asked_now() -> datetime:
    return now()


async def _asked_today() -> date:
    return today()


Now = Annotated[datetime, Depends(_asked_now)]
Today = Annotated[date, Depends(_asked_today)]
