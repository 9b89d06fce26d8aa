"""Jobs by the clock: whatever breaks, every recipient is served once, and every period in the end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from chassis.base.clock import LONDON, london_day
from chassis.jobs import schedule
from chassis.jobs.schedule import LEASE, RETRY_AFTER, Due, Job, claim
from chassis.law.periods import PeriodKind, period_of
from chassis.process import Process, running_process
from tests.support.chassis.toys import SHOP
from tests.support.running import DatabaseOf

PEOPLE = ("ann", "bob", "cem")
# A Monday, shortly after eight in the London summer.
NOW = datetime(2024, 6, 10, 7, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
ENOUGH = timedelta(days=40)


class Killed(BaseException):
    """The process is gone: nothing is written down any more."""


def mondays(_: Any, first: date, last: date) -> list[Due]:
    """Every Monday at eight in London."""
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    return [
        Due(period_of(PeriodKind.WEEK, day).label, datetime.combine(day, time(8), LONDON).astimezone(UTC))
        for day in days
        if day.weekday() == 0
    ]


class Post:
    """A job that serves three people and can break at any step of it; what it commits is a row for each."""

    def __init__(self, horizon: timedelta = ENOUGH) -> None:
        self.job = Job("post", "Serves everybody.", mondays, horizon, self.run)
        self.breaks: list[tuple[str, str, type[BaseException]]] = []
        self.begun: list[str] = []

    async def run(self, process: Process, period: str, now: datetime) -> dict[str, Any]:
        self.begun.append(period)
        queued = 0
        for person in PEOPLE:
            self._step("before the claim", person)
            async with process.database.transaction() as session:
                if await claim(session, "post", period, person, now):
                    await asyncio.sleep(0)
                    self._step("after the claim", person)
                    connection = await session.connection()
                    await connection.exec_driver_sql("INSERT INTO sale VALUES ($1, 1)", (f"{period} {person}",))
                    queued += 1
                    self._step("before the commit", person)
            self._step("after the commit", person)
        return {"queued": queued}

    def _step(self, step: str, person: str) -> None:
        for planned in self.breaks:
            if planned[:2] == (step, person):
                self.breaks.remove(planned)
                raise planned[2]


async def served(process: Process) -> dict[str, int]:
    """How many were served for each period; the table itself refuses anybody twice."""
    rows = await process.database.statements.rows("SELECT number FROM sale")
    return dict(Counter(row["number"].split()[0] for row in rows))


async def runs(process: Process) -> list[Any]:
    return await process.database.statements.rows("SELECT * FROM chassis.schedule_run ORDER BY due_at")


async def owed(process: Process, job: Job, now: datetime) -> list[str]:
    async with process.database.reading() as session:
        return [due.period for due in await schedule.owed(session, job, process.settings, now)]


@pytest.fixture
async def process(database_of: DatabaseOf) -> AsyncIterator[Process]:
    async with running_process(await database_of(SHOP)) as process:
        yield process


@pytest.fixture
def post() -> Post:
    return Post(horizon=timedelta(days=6))


async def test_a_catch_up_serves_everybody_and_another_one_nobody(process: Process, post: Post) -> None:
    await schedule.catch_up(process, [post.job], NOW)
    await schedule.catch_up(process, [post.job], NOW + timedelta(seconds=15))
    assert await served(process) == {"2024-W24": 3}
    (run,) = await runs(process)
    assert (run["attempts"], run["caught_up"], post.begun) == (1, False, ["2024-W24"])
    assert await owed(process, post.job, NOW) == []


async def test_nothing_is_begun_before_its_moment(process: Process, post: Post) -> None:
    early = datetime(2024, 6, 10, 6, 59, 59, tzinfo=UTC)
    await schedule.catch_up(process, [post.job], early)
    assert post.begun == []
    await schedule.catch_up(process, [post.job], early + timedelta(seconds=1))
    assert post.begun == ["2024-W24"]


async def test_schedulers_at_once_serve_each_recipient_once(process: Process, post: Post) -> None:
    await asyncio.gather(*(schedule.catch_up(process, [post.job], NOW) for _ in range(4)))
    assert await served(process) == {"2024-W24": 3}
    assert post.begun == ["2024-W24"]


async def test_even_two_that_run_the_same_period_at_once_serve_each_recipient_once(
    process: Process, post: Post
) -> None:
    outcomes = await asyncio.gather(*(post.run(process, "2024-W24", NOW) for _ in range(4)))
    assert sum(outcome["queued"] for outcome in outcomes) == 3
    assert await served(process) == {"2024-W24": 3}


STEPS = ("before the claim", "after the claim", "before the commit", "after the commit")


@pytest.mark.parametrize("person", ["ann", "cem"])
@pytest.mark.parametrize("step", STEPS)
async def test_a_killed_run_is_taken_up_once_its_lease_is_over(
    process: Process, post: Post, step: str, person: str
) -> None:
    post.breaks = [(step, person, Killed)]
    with pytest.raises(Killed):
        await schedule.catch_up(process, [post.job], NOW)
    await schedule.catch_up(process, [post.job], NOW + LEASE - timedelta(seconds=1))
    assert post.begun == ["2024-W24"]
    assert await owed(process, post.job, NOW) == ["2024-W24"]
    await schedule.catch_up(process, [post.job], NOW + LEASE)
    assert await served(process) == {"2024-W24": 3}
    (run,) = await runs(process)
    assert run["attempts"] == 2
    assert await owed(process, post.job, NOW + LEASE) == []


@pytest.mark.parametrize("step", STEPS)
async def test_a_failed_run_is_retried_and_owed_until_then(process: Process, post: Post, step: str) -> None:
    post.breaks = [(step, "bob", RuntimeError)]
    await schedule.catch_up(process, [post.job], NOW)
    (run,) = await runs(process)
    assert run["finished_at"] is None
    assert '"failed"' in run["outcome"]
    assert await owed(process, post.job, NOW) == ["2024-W24"]
    await schedule.catch_up(process, [post.job], NOW + RETRY_AFTER - timedelta(seconds=1))
    assert len(post.begun) == 1
    await schedule.catch_up(process, [post.job], NOW + RETRY_AFTER)
    assert await served(process) == {"2024-W24": 3}
    assert await owed(process, post.job, NOW + RETRY_AFTER) == []


async def test_a_job_that_fails_keeps_no_other_from_running(process: Process, post: Post) -> None:
    async def fails(*_: Any) -> dict[str, Any]:
        raise RuntimeError

    broken = Job("broken", "Fails.", mondays, timedelta(days=6), fails)
    await schedule.catch_up(process, [broken, post.job], NOW)
    assert await served(process) == {"2024-W24": 3}
    assert await owed(process, broken, NOW) == ["2024-W24"]


async def test_whoever_was_overtaken_leaves_the_run_to_whoever_took_over(process: Process, post: Post) -> None:
    going_on, may_fail = asyncio.Event(), asyncio.Event()

    async def slow(*_: Any) -> dict[str, Any]:
        going_on.set()
        await may_fail.wait()
        raise RuntimeError

    stuck = Job("post", "The same, but stuck.", mondays, timedelta(days=6), slow)
    first = asyncio.create_task(schedule.catch_up(process, [stuck], NOW))
    await going_on.wait()
    await schedule.catch_up(process, [post.job], NOW + LEASE)
    may_fail.set()
    await first
    (run,) = await runs(process)
    assert run["finished_at"] is not None
    assert run["outcome"] == '{"queued": 3}'


async def test_a_run_that_ends_well_after_its_lease_is_done_although_another_took_over(process: Process) -> None:
    may_end = [asyncio.Event(), asyncio.Event()]
    begun: list[str] = []

    async def slow(*_: Any) -> dict[str, Any]:
        begun.append("run")
        await may_end[len(begun) - 1].wait()
        return {}

    job = Job("post", "Takes longer than its lease.", mondays, timedelta(days=6), slow)
    tries = []
    for number in range(2):
        tries.append(asyncio.create_task(schedule.catch_up(process, [job], NOW + number * LEASE)))
        while len(begun) == number:
            await asyncio.sleep(0.01)
    for number in range(2):
        may_end[number].set()
        await tries[number]
        assert await owed(process, job, NOW + LEASE) == []


@pytest.mark.parametrize(
    ("late", "caught_up"),
    [
        # A minute is nothing.
        (timedelta(minutes=1), False),
        # Within the hour.
        (timedelta(hours=1), False),
        # Out over lunch.
        (timedelta(hours=5), True),
        # Out until Friday.
        (timedelta(days=4), True),
    ],
)
async def test_a_missed_week_is_caught_up_and_says_so(
    process: Process, post: Post, late: timedelta, caught_up: bool
) -> None:
    await schedule.catch_up(process, [post.job], datetime(2024, 6, 10, 7, tzinfo=UTC) + late)
    (run,) = await runs(process)
    assert run["caught_up"] is caught_up
    assert await served(process) == {"2024-W24": 3}


async def test_what_is_older_than_the_horizon_is_no_longer_worth_doing(process: Process, post: Post) -> None:
    due = datetime(2024, 6, 10, 7, tzinfo=UTC)
    assert await owed(process, post.job, due + timedelta(days=6)) == ["2024-W24"]
    assert await owed(process, post.job, due + timedelta(days=6, seconds=1)) == []
    await schedule.catch_up(process, [post.job], due + timedelta(days=6, seconds=1))
    assert post.begun == []


async def test_every_period_whose_run_was_killed_is_found_and_not_only_those_since_the_last_success(
    process: Process,
) -> None:
    """Seventeen weeks in a row are begun and killed, and one in their midst succeeds."""
    post = Post(horizon=timedelta(days=200))
    for week in range(17):
        due = mondays(None, *[london_day(NOW + week * WEEK)] * 2)[0]
        if week != 11:
            post.breaks = [("after the claim", "bob", Killed)]
            with pytest.raises(Killed):
                await schedule.run_once(process, post.job, due, due.at)
        else:
            await schedule.run_once(process, post.job, due, due.at)
    labels = [f"2024-W{24 + week}" for week in range(17)]
    later = NOW + 16 * WEEK + timedelta(days=2)
    # The weeks before the first one are within the horizon as well, and nobody began them.
    found = await owed(process, post.job, later)
    assert [label for label in found if label in labels] == [label for label in labels if label != "2024-W35"]
    await schedule.catch_up(process, [post.job], later)
    assert await owed(process, post.job, later) == []
    counted = await served(process)
    assert {counted[label] for label in labels} == {3}


async def test_all_that_is_owed_is_done_oldest_first(process: Process) -> None:
    post = Post()
    await schedule.catch_up(process, [post.job], NOW)
    assert post.begun == ["2024-W19", "2024-W20", "2024-W21", "2024-W22", "2024-W23", "2024-W24"]


@pytest.mark.parametrize(
    ("before", "due"),
    [
        # The clocks went forward on 31 March 2024: seven in UTC is eight in London from then on.
        (datetime(2024, 3, 25, 9, tzinfo=UTC), datetime(2024, 4, 1, 7, tzinfo=UTC)),
        # They went back on 27 October 2024.
        (datetime(2024, 10, 21, 9, tzinfo=UTC), datetime(2024, 10, 28, 8, tzinfo=UTC)),
    ],
)
async def test_a_week_in_which_the_clocks_change_is_served_once(
    process: Process, post: Post, before: datetime, due: datetime
) -> None:
    await schedule.catch_up(process, [post.job], before)
    coming = schedule.next_due(post.job, process.settings, before)
    assert coming is not None
    assert coming.at == due
    for minutes in range(-120, 121, 15):
        await schedule.catch_up(process, [post.job], due + timedelta(minutes=minutes))
    assert list((await served(process)).values()) == [3, 3]
    assert (await runs(process))[-1]["started_at"] == due


async def test_running_a_period_again_serves_only_whoever_was_left_out(process: Process, post: Post) -> None:
    due = mondays(None, date(2024, 6, 10), date(2024, 6, 10))[0]
    await schedule.catch_up(process, [post.job], NOW)
    await process.database.statements.rows("DELETE FROM chassis.schedule_claim WHERE recipient = 'bob'")
    await process.database.statements.rows("DELETE FROM sale WHERE number LIKE '% bob'")
    run = await schedule.run_again(process, post.job, due, NOW + timedelta(days=30))
    assert run is not None
    assert run.outcome == {"queued": 1}
    assert await served(process) == {"2024-W24": 3}


async def test_a_run_that_is_under_way_is_not_begun_a_second_time(process: Process, post: Post) -> None:
    """Neither at its first try, nor at one after a failure."""
    due, going_on, may_end = mondays(None, date(2024, 6, 10), date(2024, 6, 10))[0], asyncio.Event(), asyncio.Event()

    async def slow(*_: Any) -> dict[str, Any]:
        going_on.set()
        await may_end.wait()
        return {}

    post.breaks = [("before the claim", "ann", RuntimeError)]
    await schedule.run_once(process, post.job, due, NOW)
    stuck = Job("post", "The same, but slow.", mondays, timedelta(days=6), slow)
    retried = asyncio.create_task(schedule.run_once(process, stuck, due, NOW + RETRY_AFTER))
    await going_on.wait()
    assert await schedule.run_again(process, post.job, due, NOW + RETRY_AFTER) is None
    may_end.set()
    assert (await retried) is not None
