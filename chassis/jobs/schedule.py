"""Jobs by the clock: a pure timetable says what is due, a row says what is done, a claim says who was served.

Each catch-up looks at all that was due within the job's horizon and is not done, so that a missed run is made up for
whatever the reason was: a crash, a restart, a long weekend without power. Two schedulers at once do no harm: a run is
leased, and each (job, period, recipient) is claimed once in the transaction that has its effect.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field as Column
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base import clock
from chassis.base.settings import Settings
from chassis.db.database import Base, moment
from chassis.process import Process

# A run that has not reported back by then is taken over by another scheduler.
LEASE = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=5)
# A run that begins later than this after its due moment says that it was caught up.
PUNCTUAL = timedelta(hours=1)

LAST_SUCCESS = Gauge(
    "schedule_last_success_timestamp_seconds", "When a job last ran to its end.", ["service", "schedule"]
)
OWED = Gauge("schedule_owed_runs", "Runs that are due and not done.", ["service", "schedule"])
FAILURES = Counter("schedule_failures_total", "Tries of a job that failed.", ["service", "schedule"])

log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """One occurrence of a job: the period that it is about, as text, and the moment at which it is due, in UTC."""

    period: str
    at: datetime


@dataclass(frozen=True)
class Job:
    """Something done by the clock.

    `timetable` is pure: from the settings and two days (inclusive, Europe/London) to every occurrence between them,
    oldest first. `horizon` is how far back an occurrence that was missed is still worth doing. `run` does one
    occurrence, again and again until it returns: what it counts, such as {"queued": 7}, is kept with the run.
    """

    name: str
    description: str
    timetable: Callable[[Any, date, date], Sequence[Due]]
    horizon: timedelta
    run: Callable[[Process, str, datetime], Awaitable[dict[str, Any]]]


class ScheduleRun(Base, table=True):
    """One occurrence of a job that somebody began."""

    job: str = Column(primary_key=True)
    period: str = Column(primary_key=True)
    due_at: datetime = moment()
    started_at: datetime = moment()
    leased_until: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)
    attempts: int = 1
    caught_up: bool = False
    outcome: dict[str, Any] = Column(default_factory=dict, sa_type=JSONB)


class ScheduleClaim(Base, table=True):
    """One recipient who was served for one period of a job: the database lets it exist once."""

    job: str = Column(primary_key=True)
    period: str = Column(primary_key=True)
    recipient: str = Column(primary_key=True)
    claimed_at: datetime = moment()


FAILED_BEFORE = col(ScheduleRun.outcome).has_key("failed")  # type: ignore[attr-defined]


async def claim(session: AsyncSession, job: str, period: str, recipient: str, now: datetime) -> bool:
    """Whether this recipient is ours to serve for this period; true once, for the transaction that commits."""
    row = {"job": job, "period": period, "recipient": recipient, "claimed_at": now}
    taken = insert(ScheduleClaim).values(row).on_conflict_do_nothing().returning(col(ScheduleClaim.job))
    return (await session.exec(taken)).first() is not None


async def claims(session: AsyncSession, job: str, period: str) -> dict[str, datetime]:
    """Who was served for this period of a job, by recipient, and when."""
    served = select(ScheduleClaim).where(col(ScheduleClaim.job) == job, col(ScheduleClaim.period) == period)
    return {claim.recipient: claim.claimed_at for claim in (await session.exec(served)).all()}


def next_due(job: Job, settings: Settings, now: datetime) -> Due | None:
    """The job's next occurrence within a year."""
    today = clock.london_day(now)
    coming = job.timetable(settings, today, today + timedelta(days=366))
    return next((due for due in coming if due.at > now), None)


async def owed(session: AsyncSession, job: Job, settings: Settings, now: datetime) -> list[Due]:
    """The occurrences within the job's horizon that are due and not done, oldest first."""
    since = now - job.horizon
    possible = job.timetable(settings, clock.london_day(since), clock.london_day(now))
    due = [occurrence for occurrence in possible if since <= occurrence.at <= now]
    done = select(ScheduleRun.period).where(
        col(ScheduleRun.job) == job.name,
        col(ScheduleRun.period).in_([occurrence.period for occurrence in due]),
        col(ScheduleRun.finished_at).is_not(None),
    )
    finished = set((await session.exec(done)).all())
    return [occurrence for occurrence in due if occurrence.period not in finished]


async def last_run(session: AsyncSession, job: Job) -> ScheduleRun | None:
    """The run that was begun last."""
    runs = select(ScheduleRun).where(col(ScheduleRun.job) == job.name).order_by(col(ScheduleRun.started_at).desc())
    return (await session.exec(runs.limit(1))).first()


async def run_again(process: Process, job: Job, due: Due, now: datetime) -> ScheduleRun | None:
    """Do an occurrence now, whether or not it was done before; None if somebody has it in hand.

    Claims make sure that nobody is served twice.
    """
    async with process.database.transaction() as session:
        done = update(ScheduleRun).where(
            col(ScheduleRun.job) == job.name,
            col(ScheduleRun.period) == due.period,
            or_(col(ScheduleRun.leased_until).is_(None), col(ScheduleRun.finished_at).is_not(None), FAILED_BEFORE),
        )
        await session.exec(done.values(finished_at=None, leased_until=None, started_at=now))
    return await run_once(process, job, due, now)


async def run_once(process: Process, job: Job, due: Due, now: datetime) -> ScheduleRun | None:
    """Do one occurrence, unless another scheduler has it in hand; what became of it is kept and returned.

    A failure is not raised but kept with the run, which is tried again five minutes later.
    """
    async with process.database.transaction() as session:
        attempt = await _leased(session, job, due, now)
    if attempt is None:
        return None
    try:
        outcome = await job.run(process, due.period, now)
        finished: datetime | None = now
        LAST_SUCCESS.labels(process.settings.service_name, job.name).set(now.timestamp())
    except Exception as error:
        note_failure(process.settings, job, error, due.period)
        outcome, finished = {"failed": type(error).__name__}, None
    async with process.database.transaction() as session:
        run = await session.get_one(ScheduleRun, (job.name, due.period))
        # A scheduler so slow that another took over leaves the run to it, but what is done is done: a job that takes
        # longer than its lease would otherwise be taken over for ever.
        if finished or run.attempts == attempt:
            run.outcome, run.finished_at = outcome, finished
            run.leased_until = None if finished else now + RETRY_AFTER
    with suppress(Exception):
        log.info("schedule_ran", job=job.name, period=due.period, caught_up=run.caught_up, outcome=str(outcome))
    return run


async def _leased(session: AsyncSession, job: Job, due: Due, now: datetime) -> int | None:
    """Take the occurrence for a while: how often it was begun; None if it is done or in another's hands."""
    row = {
        "job": job.name,
        "period": due.period,
        "due_at": due.at,
        "started_at": now,
        "leased_until": now + LEASE,
        "caught_up": now - due.at > PUNCTUAL,
        "attempts": 1,
        "outcome": {},
    }
    first = insert(ScheduleRun).values(row)
    again = first.on_conflict_do_update(
        index_elements=["job", "period"],
        # What the try before left is gone, or a run under way would look like one that failed and is free.
        set_={"leased_until": row["leased_until"], "attempts": col(ScheduleRun.attempts) + 1, "outcome": {}},
        where=col(ScheduleRun.finished_at).is_(None)
        & or_(col(ScheduleRun.leased_until).is_(None), col(ScheduleRun.leased_until) <= now),
    ).returning(col(ScheduleRun.attempts))
    return (await session.exec(again)).scalars().first()


async def catch_up(process: Process, jobs: Sequence[Job], now: datetime) -> None:
    """Do all that is owed at this moment; a job that breaks keeps no other from running."""
    for job in jobs:
        try:
            await _do_owed(process, job, now)
        except Exception as error:
            note_failure(process.settings, job, error)


async def _do_owed(process: Process, job: Job, now: datetime) -> None:
    process.beat(LEASE.total_seconds())
    async with process.database.reading() as session:
        waiting = await owed(session, job, process.settings, now)
    OWED.labels(process.settings.service_name, job.name).set(len(waiting))
    for due in waiting:
        process.beat(LEASE.total_seconds())
        await run_once(process, job, due, now)


def note_failure(settings: Settings, job: Job, error: Exception, period: str | None = None) -> None:
    """Count and log that a job failed; a line that cannot be written ends nothing."""
    FAILURES.labels(settings.service_name, job.name).inc()
    with suppress(Exception):
        log.warning("schedule_failed", job=job.name, period=period, exc_info=error)
