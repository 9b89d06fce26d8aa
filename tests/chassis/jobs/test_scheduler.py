"""The clock of the jobs: it fires when a timetable says so, catches up what was missed, and nothing ends it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from chassis import worker
from chassis.base import clock
from chassis.base.clock import LONDON
from chassis.jobs import schedule, scheduler
from chassis.jobs.deadline_jobs import daily
from chassis.jobs.schedule import RETRY_AFTER, Due, Job
from chassis.jobs.scheduler import TimetableTrigger
from chassis.process import Process, running_process
from tests.support.chassis.toys import SHOP
from tests.support.running import DatabaseOf
from tests.support.waiting import eventually

SETTINGS = SHOP.settings()
SOON = timedelta(seconds=0.5)


@pytest.fixture(autouse=True)
def machines_clock() -> Iterator[None]:
    """Begin where the council's clock is the machine's: what is tested is how far the two are from each other."""
    with clock.shifted(-clock.offset()):
        yield


def mondays(_: Any, first: date, last: date) -> list[Due]:
    """Every Monday at eight in London."""
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    return [Due(day.isoformat(), datetime.combine(day, time(8), LONDON)) for day in days if day.weekday() == 0]


async def nothing(*_: Any) -> dict[str, Any]:
    return {}


def trigger(timetable: Any) -> TimetableTrigger:
    return TimetableTrigger(Job("post", "Does nothing.", timetable, timedelta(days=6), nothing), SETTINGS)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # The clocks go forward on 31 March 2024: seven in UTC is eight in London from then on.
        ("2024-03-25T08:00:00+00:00", "2024-04-01T07:00:00+00:00"),
        ("2024-04-01T06:59:59+00:00", "2024-04-01T07:00:00+00:00"),
        # They go back on 27 October 2024.
        ("2024-10-21T07:00:00+00:00", "2024-10-28T08:00:00+00:00"),
        ("2024-10-28T07:59:59+00:00", "2024-10-28T08:00:00+00:00"),
    ],
)
def test_it_fires_at_the_hour_in_london_on_both_sides_of_a_change_of_clocks(now: str, due: str) -> None:
    found = trigger(mondays).get_next_fire_time(None, datetime.fromisoformat(now).astimezone(LONDON))
    assert found == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    "offset", [timedelta(), timedelta(days=-2443, hours=5), timedelta(days=100, seconds=0.5)], ids=str
)
def test_each_day_of_a_year_fires_once_wherever_the_councils_clock_stands(offset: timedelta) -> None:
    """Both changes of the clocks are in it, those of the council's year at other moments than the machine's."""
    now, fired = datetime(2026, 2, 1, 12, tzinfo=LONDON), []
    with clock.shifted(offset):
        for _ in range(365):
            found = trigger(daily).get_next_fire_time(now, now)
            assert found is not None
            now = found.astimezone(LONDON)
            fired.append((found.astimezone(UTC) + offset).astimezone(LONDON))
    assert {f"{moment:%H:%M:%S.%f}" for moment in fired} == {"00:30:00.000000"}
    days = [moment.date() for moment in fired]
    assert days == [days[0] + timedelta(days=number) for number in range(365)]


def test_a_moved_clock_fires_when_the_council_is_there() -> None:
    """The machine is in winter, the council in the week before its clocks go forward."""
    now = datetime(2026, 11, 30, 10, tzinfo=LONDON)
    with clock.shifted(datetime(2020, 3, 27, 10, tzinfo=UTC) - now.astimezone(UTC)):
        found = trigger(mondays).get_next_fire_time(None, now)
    # From Friday at ten to Monday at eight is 70 hours, and one less because of the clocks.
    assert found == now + timedelta(hours=69)


def test_after_a_long_sleep_the_next_occurrence_follows_and_not_all_that_were_slept_through() -> None:
    slept_since = datetime(2024, 6, 10, 8, tzinfo=LONDON)
    found = trigger(mondays).get_next_fire_time(slept_since, datetime(2024, 8, 7, 12, tzinfo=LONDON))
    assert found == datetime(2024, 8, 12, 8, tzinfo=LONDON)


def test_a_timetable_that_has_no_more_or_is_broken_fires_never() -> None:
    def breaks(*_: Any) -> Sequence[Due]:
        raise ZeroDivisionError

    for timetable in (lambda *_: [], breaks):
        assert trigger(timetable).get_next_fire_time(None, datetime(2024, 6, 10, 8, tzinfo=LONDON)) is None


class Once:
    """A job that is due once, shortly after the test began, and does what the test says."""

    def __init__(self, name: str, run: Any = nothing, due_in: timedelta = -SOON) -> None:
        self.begun: list[datetime] = []
        self._run = run
        self._due = Due("once", clock.now() + due_in)
        self.job = Job(name, "Runs once.", lambda *_: [self._due], timedelta(days=1), self.run)

    async def run(self, process: Process, period: str, now: datetime) -> dict[str, Any]:
        self.begun.append(now)
        done: dict[str, Any] = await self._run(process, period, now)
        return done

    async def has_begun(self) -> bool:
        return bool(self.begun)


@pytest.fixture
async def process(database_of: DatabaseOf) -> AsyncIterator[Process]:
    async with running_process(await database_of(SHOP)) as process:
        yield process


def keeping_time(process: Process, *jobs: Job) -> Any:
    """The scheduler as a service's worker runs it, for a block."""
    return worker.running({"schedule": partial(scheduler.keep_time, jobs=jobs)}, process)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "CATCH_UP_EVERY", timedelta(seconds=0.1))


async def finished(process: Process) -> list[str]:
    rows = await process.database.statements.rows("SELECT job FROM chassis.schedule_run WHERE finished_at IS NOT NULL")
    return sorted(row["job"] for row in rows)


@pytest.mark.parametrize("offset", [timedelta(), timedelta(days=-2443, hours=5)], ids=str)
async def test_what_was_missed_is_done_at_once_and_what_comes_at_its_moment(
    process: Process, offset: timedelta
) -> None:
    """Long before the next catch-up, on the council's clock."""
    with clock.shifted(offset):
        missed, coming = Once("missed"), Once("coming", due_in=SOON)

        async def are_done() -> bool:
            return await finished(process) == ["coming", "missed"]

        async with keeping_time(process, missed.job, coming.job):
            assert await eventually(are_done, seconds=30)
    assert timedelta() <= coming.begun[0] - coming._due.at < timedelta(seconds=10)
    assert len(missed.begun) == len(coming.begun) == 1


@pytest.mark.usefixtures("often")
async def test_a_job_that_fails_is_counted_and_tried_again_though_nothing_can_be_logged(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoLog:
        def __getattr__(self, _: str) -> Any:
            raise RuntimeError

    async def fails_once(*_: Any) -> dict[str, Any]:
        if len(failing.begun) == 1:
            raise ZeroDivisionError
        return {}

    def breaks(*_: Any) -> Sequence[Due]:
        raise ZeroDivisionError

    monkeypatch.setattr(schedule, "log", NoLog())
    broken = Job("broken", "Has no timetable.", breaks, timedelta(days=1), nothing)
    failing, fine = Once("failing", fails_once), Once("fine")
    before = schedule.FAILURES.labels("shop", "failing")._value.get()

    async def all_done() -> bool:
        return await finished(process) == ["failing", "fine"]

    async with keeping_time(process, broken, failing.job, fine.job):
        assert await eventually(fine.has_begun)
        assert len(failing.begun) == 1
        with clock.shifted(RETRY_AFTER):
            assert await eventually(all_done)
        assert not any(process.overdue().values())
    assert len(failing.begun) == 2
    assert schedule.FAILURES.labels("shop", "failing")._value.get() == before + 1


@pytest.mark.usefixtures("often")
async def test_a_job_that_is_stuck_is_found(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stuck(*_: Any) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def is_found() -> bool:
        return any(process.overdue().values())

    monkeypatch.setattr(schedule, "LEASE", timedelta(seconds=1))
    job = Once("stuck", stuck)
    async with keeping_time(process, job.job, Once("fine", due_in=SOON).job):
        assert await eventually(job.has_begun)
        assert await eventually(is_found)


@pytest.mark.usefixtures("often")
async def test_a_scheduler_that_died_is_found(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_: AsyncIOScheduler) -> None:
        raise ZeroDivisionError

    async def is_found() -> bool:
        return any(process.overdue().values())

    monkeypatch.setattr(scheduler, "GRACE", timedelta(seconds=0.5))
    job = Once("fine")
    async with keeping_time(process, job.job):
        assert await eventually(job.has_begun)
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        monkeypatch.setattr(AsyncIOScheduler, "_process_jobs", dies)
        assert await eventually(is_found)
    asyncio.get_running_loop().set_exception_handler(None)


async def test_what_runs_puts_its_things_in_order_before_the_process_ends(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    kept: list[str] = []

    async def tidy(*_: Any) -> dict[str, Any]:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.2)
            kept.append("tidy")
        return {}

    job = Once("tidy", tidy)
    async with keeping_time(process, job.job):
        assert await eventually(job.has_begun)
    assert kept == ["tidy"]
    assert await finished(process) == []
    assert caplog.records == [], "an end that was asked for is no error"
