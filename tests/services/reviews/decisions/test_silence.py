"""What happens by the clock: silence becomes agreement, and what was missed is told, each exactly once."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.jobs import deadline_jobs, schedule
from chassis.jobs.schedule import Due, Job
from chassis.law.working_days import add_working_days
from chassis.process import LOOP
from services.reviews import jobs
from services.reviews.children.models import Deadline
from services.reviews.decisions import silence
from services.reviews.events import DeadlineMissed
from tests.support.clocks import until
from tests.support.reviews.office import JSON, Office, days_ago

RECOUNT, SILENCE, MISSED = jobs.JOBS
# Thursday 17 December 2026: Christmas, Boxing Day's substitute on Monday 28 and a weekend lie in the five days.
BEFORE_CHRISTMAS, LAST_DAY = date(2026, 12, 21), date(2026, 12, 30)


def on(day: date) -> Any:
    """The council's time on that day, for a block."""
    return clock.shifted(until(day))


async def run(office: Office, job: Job, period: str | None = None) -> dict[str, Any] | None:
    """Do a job's occurrence of this day; what it counted, or nothing if somebody else has it in hand."""
    due = Due(period or clock.today().isoformat(), clock.now())
    done = await schedule.run_once(office.client.process, job, due, clock.now())
    return None if done is None else done.outcome


async def decided(office: Office, *person_ids: str, count: int = 1) -> dict[str, list[JSON]]:
    """Decisions for each child of a review that is held today, of which the manager knows since today."""
    for person_id in person_ids:
        await office.registered(person_id)
    held = await office.held(*person_ids)
    found, version = {}, held["version"]
    for person_id in person_ids:
        decisions = [{"decision": f"Do {number}.", "owner": "social worker"} for number in range(count)]
        path = f"/v1/reviews/{held['reference']}/children/{person_id}/decisions"
        answer = await office.ask("POST", path, {"decisions": decisions}, version=version)
        assert answer.status_code == 201, answer.text
        found[person_id], version = answer.json(), version + 1
    return found


async def states(office: Office) -> list[str]:
    """How every decision stands."""
    return [row["state"] for row in await office.rows("SELECT state FROM decision ORDER BY person_id, number")]


async def test_silence_is_agreement_after_the_last_day_and_told_once_for_each_child(office: Office) -> None:
    await decided(office, "P1", "P2", count=3)
    last_day = add_working_days(clock.today(), 5)
    with on(last_day):
        assert await run(office, SILENCE) == {"agreed": 0}
        assert await states(office) == ["sent"] * 6
    with on(last_day + timedelta(days=1)):
        assert await run(office, SILENCE) == {"agreed": 6}
        assert await run(office, SILENCE) is None, "it is done"
    with on(last_day + timedelta(days=2)):
        assert await run(office, SILENCE) == {"agreed": 0}
    assert await states(office) == ["agreed_by_silence"] * 6
    published = await office.published("review.decisions_agreed")
    assert sorted((event["person_id"], event["by_silence"]) for event in published) == [("P1", True), ("P2", True)]
    entries = await office.audited("agree_by_silence")
    assert sorted((entry["caller"], entry["person_ids"][0]) for entry in entries) == [
        ("reviews", "P1"),
        ("reviews", "P2"),
    ]
    for person_id in ("P1", "P2"):
        assert ("manager_response", "manager_response") not in await office.owed(person_id)


async def test_bank_holidays_do_not_count_against_the_manager(office: Office) -> None:
    with on(BEFORE_CHRISTMAS):
        (decision,) = (await decided(office, "P1"))["P1"]
        assert decision["respond_by"] == LAST_DAY.isoformat()
    with on(LAST_DAY):
        assert await run(office, SILENCE) == {"agreed": 0}
    with on(LAST_DAY + timedelta(days=1)):
        assert await run(office, SILENCE) == {"agreed": 1}


async def test_two_schedulers_at_once_agree_once(office: Office) -> None:
    await decided(office, *(f"P{number}" for number in range(1, 6)), count=4)
    with on(add_working_days(clock.today(), 6)):
        # Two take the same day, and a third one that was missed.
        yesterday = days_ago(1).isoformat()
        outcomes = await asyncio.gather(run(office, SILENCE), run(office, SILENCE), run(office, SILENCE, yesterday))
        assert sum(outcome["agreed"] for outcome in outcomes if outcome) == 20
        assert outcomes.count(None) == 1
    assert len(await office.published("review.decisions_agreed")) == 5
    assert len(await office.audited("agree_by_silence")) == 5
    assert {row["version"] for row in await office.rows("SELECT version FROM decision")} == {2}


async def test_many_batches_tell_each_child_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "AT_ONCE", 2)
    await decided(office, "P1", "P2", "P3", count=5)
    with on(add_working_days(clock.today(), 6)):
        assert await run(office, SILENCE) == {"agreed": 15}
    assert sorted(event["person_id"] for event in await office.published("review.decisions_agreed")) == [
        "P1",
        "P2",
        "P3",
    ]


async def test_who_objected_to_one_decision_and_was_silent_about_others_did_not_agree_to_all(office: Office) -> None:
    first, *_ = (await decided(office, "P1", count=3))["P1"]
    answer = await office.ask(
        "POST",
        f"/v1/decisions/{first['id']}/object",
        {"objection": "No money."},
        role=Role.SOCIAL_WORK_MANAGER,
        subject="swm-1",
        version=1,
    )
    assert answer.status_code == 200
    with on(add_working_days(clock.today(), 6)):
        assert await run(office, SILENCE) == {"agreed": 2}
    assert await states(office) == ["objected", "agreed_by_silence", "agreed_by_silence"]
    assert await office.published("review.decisions_agreed") == []
    assert ("manager_response", "manager_response") not in await office.owed()
    assert len(await office.audited("agree_by_silence")) == 1


async def test_a_manager_who_answers_while_the_clock_runs_is_heard_or_told_of_it(office: Office) -> None:
    decisions = (await decided(office, "P1", count=4))["P1"]
    with on(add_working_days(clock.today(), 6)):
        asked = [
            office.ask(
                "POST",
                f"/v1/decisions/{decision['id']}/agree",
                role=Role.SOCIAL_WORK_MANAGER,
                subject="swm-1",
                version=1,
            )
            for decision in decisions
        ]
        outcome, *answers = await asyncio.gather(run(office, SILENCE), *asked)
        agreed = sum(answer.status_code == 200 for answer in answers)
        assert {answer.status_code for answer in answers} <= {200, 412}
        assert outcome is not None
        assert outcome["agreed"] + agreed == 4
    assert len(await office.published("review.decisions_agreed")) == 1
    assert ("manager_response", "manager_response") not in await office.owed()


async def test_each_missed_deadline_is_told_once_and_never_again(office: Office) -> None:
    await office.registered("P1", since=days_ago(60), chair=None)
    await office.registered("P2", since=days_ago(3))
    overdue = {
        (deadline["kind"], deadline["subject"])
        for deadline in (await office.owed("P1")).values()
        if deadline["days_left"] < 0
    }
    assert overdue >= {("allocation", "allocation"), ("review", "first")}
    leaflet = {("prompt", "leaflet")}
    for number in (0, 1, 5):
        with clock.shifted(timedelta(days=number)):
            await run(office, MISSED)
            # A change to the child's record in between makes none of it new.
            await office.allocated("P1", f"chair-{number % 3 + 1}")
    published = await office.published("deadline.missed")
    assert {(event["kind"], event["subject"]) for event in published if event["person_id"] == "P1"} == overdue
    assert {(event["kind"], event["subject"]) for event in published if event["person_id"] == "P2"} == leaflet
    assert len({event["deadline_id"] for event in published}) == len(published) == len(overdue) + 1


async def test_a_deadline_is_not_missed_on_its_last_day(office: Office) -> None:
    await office.registered("P1", since=clock.today())
    due_on = add_working_days(clock.today(), 20)
    with on(due_on):
        await run(office, MISSED)
    assert "review" not in {event["kind"] for event in await office.published("deadline.missed")}
    with on(due_on + timedelta(days=1)):
        await run(office, MISSED)
    (missed,) = [event for event in await office.published("deadline.missed") if event["kind"] == "review"]
    assert (missed["due_on"], missed["owner_id"], missed["chair_id"]) == (due_on.isoformat(), "chair-1", "chair-1")


async def test_a_crash_between_batches_neither_forgets_nor_repeats(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        await office.registered(f"P{number}", since=days_ago(60), chair=None)
    (row,) = await office.rows("SELECT count(*) AS count FROM deadline WHERE due_on < $1", clock.today())
    monkeypatch.setattr(deadline_jobs, "AT_ONCE", 2)
    crashes = iter([False, False, True])

    class FailingInTheSecondBatch(DeadlineMissed):
        """The event, which cannot be made once."""

        def model_post_init(self, _: Any) -> None:
            if next(crashes, False):
                raise RuntimeError("The machine went down.")

    failed = await run(office, deadline_jobs.telling(Deadline, FailingInTheSecondBatch))
    assert failed is not None
    assert "failed" in failed
    assert len(await office.published("deadline.missed")) == 2
    with clock.shifted(timedelta(minutes=6)):
        assert await run(office, MISSED, clock.today().isoformat()) == {"told": row["count"] - 2}
    published = await office.published("deadline.missed")
    assert len({event["deadline_id"] for event in published}) == len(published) == row["count"]


async def test_two_schedulers_at_once_tell_once(office: Office) -> None:
    for number in range(1, 6):
        await office.registered(f"P{number}", since=days_ago(60), chair=None)
    (row,) = await office.rows("SELECT count(*) AS count FROM deadline WHERE due_on < $1", clock.today())
    days = [clock.today().isoformat(), clock.today().isoformat(), days_ago(1).isoformat()]
    outcomes = await asyncio.gather(*(run(office, MISSED, day) for day in days))
    assert (
        sum(outcome["told"] for outcome in outcomes if outcome)
        == row["count"]
        == len(await office.published("deadline.missed"))
    )


@pytest.mark.parametrize("job", jobs.JOBS, ids=[job.name for job in jobs.JOBS])
async def test_a_job_says_with_each_batch_that_it_is_alive(office: Office, job: Job) -> None:
    process, loop = office.client.process, LOOP.set("a long run")
    try:
        await job.run(process, clock.today().isoformat(), clock.now())
    finally:
        LOOP.reset(loop)
    assert "a long run" in process.heartbeats


async def test_what_was_done_late_but_before_the_night_is_not_missed(office: Office) -> None:
    await office.registered("P1", since=days_ago(60))
    await office.held("P1")
    await run(office, MISSED)
    assert {event["kind"] for event in await office.published("deadline.missed")} <= {"prompt"}


@pytest.mark.parametrize("job", [SILENCE, MISSED], ids=[SILENCE.name, MISSED.name])
def test_both_jobs_run_every_day_of_the_year_at_half_past_midnight_in_london(job: Job) -> None:
    due = job.timetable(None, date(2026, 1, 1), date(2026, 12, 31))
    assert len({row.period for row in due}) == 365
    assert {f"{run.at.astimezone(clock.LONDON):%H:%M}" for run in due} == {"00:30"}


async def test_after_the_rules_have_changed_open_deadlines_are_counted_anew_and_what_was_done_stays(
    office: Office,
) -> None:
    for number in range(3):
        await office.registered(f"P{number}", since=days_ago(30))
    held = await office.held("P0", on=days_ago(10))
    right = await deadlines(office)
    assert right
    # What earlier rules would have said: a later day, a review that is counted from another day, and none at all.
    await office.rows("UPDATE deadline SET due_on = due_on + 90 WHERE person_id = 'P0' AND kind = 'review'")
    await office.rows("UPDATE deadline SET event_on = event_on - 9 WHERE person_id = 'P1' AND kind = 'review'")
    await office.rows("DELETE FROM deadline WHERE person_id = 'P2' AND kind = 'review'")
    await office.rows("UPDATE child_review SET due_on = due_on - 1 WHERE held_on IS NOT NULL")
    frozen = await office.rows("SELECT * FROM child_review WHERE reference = $1", held["reference"])
    assert await run(office, RECOUNT, "2026-11-30") == {"children": 3}
    assert await deadlines(office) == right
    assert await office.rows("SELECT * FROM child_review WHERE reference = $1", held["reference"]) == frozen
    assert await run(office, RECOUNT, "2026-11-30") is None, "once for each change"


async def deadlines(office: Office) -> list[tuple[Any, ...]]:
    """What is owed, by child."""
    rows = await office.rows("SELECT person_id, kind, subject, due_on FROM deadline ORDER BY 1, 2, 3")
    return [tuple(row.values()) for row in rows]
