"""The clock of the jobs: APScheduler wakes each job at the moments of its timetable, and all of them every 45 seconds.

It says only when to look. What is owed, who does it and whom it has served is decided in the database
(`chassis/jobs/schedule.py`), so that any number of schedulers may run.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from chassis.base import clock
from chassis.base.settings import Settings
from chassis.jobs.schedule import Job, catch_up, next_due, note_failure
from chassis.process import Process

CATCH_UP_EVERY = timedelta(seconds=45)
# A catch-up that has not ended so long after it should have begun means that the scheduler is dead or stuck: with the
# time that Prometheus takes, an alert follows within two minutes.
GRACE = timedelta(seconds=40)


@dataclass(frozen=True)
class TimetableTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 is not typed.
    """Fires when an occurrence of a job is due by the council's clock, which may be moved in development."""

    job: Job
    settings: Settings

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime | None:
        """The machine's moment at which the job is due next; None if its timetable has no more or is broken."""
        offset = clock.offset()
        try:
            # In UTC: an offset added to a moment in London is wrong by an hour across a change of the clocks.
            due = next_due(self.job, self.settings, now.astimezone(UTC) + offset)
        except Exception as error:
            # It would stop the clock of all other jobs.
            note_failure(self.settings, self.job, error)
            return None
        return due.at.astimezone(UTC) - offset if due else None


async def keep_time(process: Process, jobs: Sequence[Job]) -> None:
    """Do what is owed: all that was missed at once and every 45 seconds, each job when it is due, until cancelled."""
    one_at_a_time = asyncio.Lock()

    async def do_owed(*some: Job) -> None:
        # Only the end of the process cancels it, which APScheduler would log as an error.
        with suppress(asyncio.CancelledError):
            async with one_at_a_time:
                await catch_up(process, some, clock.now())
                process.beat((CATCH_UP_EVERY + GRACE).total_seconds())

    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = AsyncIOScheduler(timezone=clock.LONDON, job_defaults=defaults)
    for job in jobs:
        scheduler.add_job(do_owed, TimetableTrigger(job, process.settings), [job], id=job.name)
    every = IntervalTrigger(seconds=CATCH_UP_EVERY.total_seconds(), timezone=clock.LONDON)
    scheduler.add_job(do_owed, every, jobs, id="catch_up", next_run_time=clock.machine_now())
    scheduler.start()
    try:
        await asyncio.Event().wait()
    finally:
        scheduler.shutdown()
        # APScheduler cancels what runs as soon as the event loop comes to it, and does not wait until that has ended.
        await asyncio.sleep(0)
        async with one_at_a_time:
            pass
