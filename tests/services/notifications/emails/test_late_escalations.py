"""Each escalation is asked about in exactly one quarter's email until it is answered, whenever it was entered."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.jobs import schedule
from chassis.law.periods import Period, PeriodKind, period_of
from services.notifications.messages.queueing import serve
from services.notifications.rules import MessageState
from services.notifications.schedules import timetable
from services.notifications.schedules.timetable import SENDINGS
from tests.support.journeys.loop import Loop, whole_loop, words
from tests.support.running import Running
from tests.support.waiting import eventually

QUARTERLY = "send_quarterly_escalations"
OFFICER = "officer-1@example.org"
AROUND = range(-10, 11)


@pytest.fixture
async def loop(running: Running) -> AsyncIterator[Loop]:
    async with whole_loop(running) as loop:
        yield loop


def this_quarter() -> Period:
    return period_of(PeriodKind.QUARTER, clock.today())


async def run(loop: Loop, quarter: Period) -> None:
    """Do a quarter as the clock does it on its morning."""
    process, job = loop.notifications.process, SENDINGS[QUARTERLY].job()
    due = timetable.due_of(job, process.settings, quarter.label)
    done = await schedule.run_again(process, job, due, max(due.at, clock.now()))
    assert done is not None and done.finished_at is not None


async def rows(loop: Loop, sql: str, *values: Any) -> list[Any]:
    return list(await loop.notifications.process.database.statements.rows(sql, *values))


async def asked(loop: Loop) -> Counter[str]:
    """How many quarters' emails asked about each escalation."""
    sql = """
        SELECT jsonb_array_elements_text(answer_link -> 'references') AS reference FROM message
        WHERE schedule = $1 AND answer_link IS NOT NULL
    """
    return Counter(row["reference"] for row in await rows(loop, sql, QUARTERLY))


async def answered(loop: Loop, *references: str) -> None:
    body = {"references": list(references), "choice": "dealt_with", "on_behalf_of": "officer-1"}
    answer = await loop.escalations.post("/v1/answers", json=body, headers=loop.escalations.as_(Role.TEAM_MANAGER))
    assert answer.status_code == 201, answer.text


async def test_whatever_is_raised_around_a_quarters_end_is_asked_once_in_every_order(loop: Loop) -> None:
    second, first = this_quarter().previous(), this_quarter().previous().previous()
    days = [first.last + timedelta(days=away) for away in AROUND]
    before = [await loop.raise_one(day) for day in days]
    # On the morning itself: after the figures were fetched, before anybody is served.
    sending, process = SENDINGS[QUARTERLY], loop.notifications.process
    drafts = await sending.compose(process, first.label, clock.now())
    on_the_morning = [await loop.raise_one(day) for day in days]
    await serve(process, QUARTERLY, first.label, drafts, clock.now())
    await run(loop, first)
    after = [await loop.raise_one(day) for day in days]
    of_the_quarter = {reference for reference, day in zip(before, days, strict=True) if day <= first.last}
    assert await asked(loop) == dict.fromkeys(of_the_quarter, 1)
    answered_meanwhile = after.pop(0)
    await answered(loop, answered_meanwhile)
    await run(loop, second)
    assert await asked(loop) == dict.fromkeys([*before, *on_the_morning, *after], 1)
    much_later = [await loop.raise_one(day) for day in days]
    long_gone = await loop.raise_one(days[0] - timedelta(days=1000))
    for quarter in (first, second, this_quarter(), this_quarter().next()):
        await run(loop, quarter)
    everything = [*before, *on_the_morning, *after, *much_later, long_gone]
    assert await asked(loop) == dict.fromkeys(everything, 1)
    assert {*loop.raised} - {*everything} == {answered_meanwhile}


async def test_the_email_marks_what_is_late_and_its_link_answers_it(loop: Loop) -> None:
    quarter = this_quarter().previous()
    late = await loop.raise_one(quarter.first - timedelta(days=200))
    await loop.run(QUARTERLY, quarter.label)
    (mail,) = await loop.mails_to(OFFICER)
    assert "1 escalation for you to answer" in mail["Subject"]
    text = words(mail)
    assert "It is from an earlier quarter, and you have not been asked about it before." in text
    headers = loop.escalations.as_service("notifications")
    answer = await loop.escalations.get("/v1/answers/links", params={"period": quarter.label}, headers=headers)
    (link,) = answer.json()["items"]
    assert (link["references"], link["unanswered"]) == ([late], 1), "so the reminders ask about it, too"


@pytest.mark.parametrize("state", [MessageState.SUPPRESSED, MessageState.BOUNCED, MessageState.FAILED])
async def test_what_did_not_reach_its_officer_was_not_asked(loop: Loop, state: MessageState) -> None:
    second, first = this_quarter().previous(), this_quarter().previous().previous()
    reference = await loop.raise_one(first.first)
    await run(loop, first)

    async def sent() -> bool:
        return bool(await rows(loop, "SELECT 1 FROM message WHERE state = 'sent'"))

    assert await eventually(sent)
    await rows(loop, "UPDATE message SET state = $1, due_at = NULL WHERE schedule = $2", state, QUARTERLY)
    await run(loop, second)
    assert (await asked(loop))[reference] == 2


async def test_whoever_covers_something_from_now_on_is_asked_about_what_waits(loop: Loop) -> None:
    """Nobody covered the schools: the managers hear of it every quarter, until somebody does."""
    second, first = this_quarter().previous(), this_quarter().previous().previous()
    reference = await loop.raise_one(first.first, agency="schools", role="head-teacher")
    await run(loop, first)
    await run(loop, second)
    letters = await rows(loop, "SELECT recipient_id, template FROM message WHERE schedule = $1", QUARTERLY)
    assert [tuple(row) for row in letters] == [("manager-1", "uncovered")] * 2
    await loop.cover("officer-1", "schools")
    await run(loop, this_quarter())
    assert await asked(loop) == {reference: 1}


async def test_a_period_that_is_not_over_is_not_run_whatever_the_schedule(loop: Loop) -> None:
    await loop.raise_one(clock.today())
    process, now = loop.notifications.process, clock.now()
    headers = loop.notifications.as_(Role.TEAM_MANAGER, subject="manager-1")
    tomorrow = clock.today() + timedelta(days=1)
    for name, sending in SENDINGS.items():
        job = sending.job()
        coming = job.timetable(process.settings, tomorrow, tomorrow + timedelta(days=350))
        # What is about a period that ended on a Saturday may be sent before its working day has come.
        periods = [due for due in coming if timetable.first_day_to_run(due) > clock.london_day(now)]
        assert periods, name
        for due in (periods[0], periods[-1]):
            path = f"/v1/messages/schedules/{name}/run"
            answer = await loop.notifications.post(path, json={"period": due.period}, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-over-yet"), (name, due)
            assert clock.today() < date.fromisoformat(answer.json()["runs_from"]) <= clock.london_day(due.at)
    assert await rows(loop, "SELECT 1 FROM message WHERE schedule = $1", QUARTERLY) == []
    label = this_quarter().label
    path = f"/v1/messages/schedules/{QUARTERLY}/preview"
    shown = (await loop.notifications.post(path, json={"period": label}, headers=headers)).json()
    assert [link["runs_from"] for link in shown] == [this_quarter().next().first.isoformat()]
    await loop.run(QUARTERLY, this_quarter().previous().label)
    (entry,) = await rows(loop, "SELECT caller, record FROM chassis.audit_entry WHERE action = 'run_schedule'")
    assert tuple(entry) == ("manager-1", f"{QUARTERLY} {this_quarter().previous().label}")
