"""A run that cannot reach the escalations service sends nothing, and only current officers are asked, once."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.jobs import schedule
from chassis.law.periods import PeriodKind, period_of
from chassis.process import LOOP
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.clients.escalations import Escalations
from services.notifications.schedules import timetable
from services.notifications.schedules.timetable import SENDINGS
from tests.support.journeys.loop import Loop, whole_loop, words
from tests.support.running import Running
from tests.support.serving import free_port

OFFICER, MANAGER = "officer-1@example.org", "manager-1@example.org"
CHAIR, OTHER_CHAIR = "chair-1@example.org", "chair-2@example.org"
QUARTERLY, REMINDER, REPORT = "send_quarterly_escalations", "send_weekly_reminder", "send_weekly_report"
QUARTERLY_REMINDERS = "send_quarterly_reminders"


@pytest.fixture
async def loop(running: Running) -> AsyncIterator[Loop]:
    async with whole_loop(running) as loop:
        yield loop


def week() -> str:
    return period_of(PeriodKind.WEEK, clock.today()).label


def last_quarter() -> tuple[str, date]:
    quarter = period_of(PeriodKind.QUARTER, clock.today()).previous()
    return quarter.label, quarter.first + timedelta(days=10)


@contextmanager
def not_before(due_at: datetime) -> Iterator[None]:
    """A moment has come, for whoever sends mail: in a quarter's first days its email is not due yet."""
    with clock.shifted(max(due_at - clock.now(), timedelta(0))):
        yield


async def count(loop: Loop, what: str) -> int:
    counted = await loop.notifications.process.database.statements.rows(f"SELECT count(*) AS n FROM {what}")
    return int(counted[0]["n"])


async def reassign(loop: Loop, reference: str, to: str) -> None:
    answer = await loop.escalations.post(
        "/v1/escalations/reassign",
        json={"from_owner_id": "chair-1", "to_owner_id": to, "references": [reference]},
        headers=loop.escalations.as_(Role.TEAM_MANAGER, subject="manager-1"),
    )
    assert answer.status_code == 200, answer.text


async def preview(loop: Loop, name: str, period: str) -> list[dict[str, Any]]:
    headers = loop.notifications.as_(Role.TEAM_MANAGER)
    answer = await loop.notifications.post(
        f"/v1/messages/schedules/{name}/preview", json={"period": period}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_while_escalations_are_down_nobody_is_claimed_and_the_run_is_owed(loop: Loop, running: Running) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)
    nowhere = f"http://127.0.0.1:{free_port()}"
    down = loop.notifications.settings.model_copy(update={"escalations_url": nowhere, "worker_in_web": False})
    cut_off = await running("notifications", down)
    manager = cut_off.as_(Role.TEAM_MANAGER)
    for name, period in ((QUARTERLY, label), (REMINDER, week()), (REPORT, week())):
        for way in ("run", "preview"):
            answer = await cut_off.post(
                f"/v1/messages/schedules/{name}/{way}", json={"period": period}, headers=manager
            )
            assert answer.status_code == 503, answer.text
        assert await count(loop, f"chassis.schedule_claim WHERE job = '{name}'") == 0
    assert await count(loop, f"message WHERE schedule = '{QUARTERLY}'") == 0
    listed = (await cut_off.get("/v1/messages/schedules", headers=manager)).json()
    (quarterly,) = [entry for entry in listed if entry["name"] == QUARTERLY]
    assert quarterly["last_run"]["outcome"] == {"failed": "ServiceOutOfReach"}
    assert quarterly["last_run"]["finished_at"] is None
    assert (await loop.run(QUARTERLY, label))["queued"] == 1
    assert len(await loop.mails_to(OFFICER)) == 1


async def test_a_failed_run_is_owed_until_it_worked(loop: Loop, running: Running) -> None:
    """The same by the clock alone, on the day on which the quarterly email is due."""
    label, day = last_quarter()
    await loop.raise_one(day)
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings = loop.notifications.settings.model_copy(update={"escalations_url": nowhere, "worker_in_web": False})
    cut_off = (await running("notifications", settings)).process
    job = SENDINGS[QUARTERLY].job()
    due = timetable.due_of(job, cut_off.settings, label)
    await cut_off.database.statements.rows("DELETE FROM chassis.schedule_run")

    async def owed(now: Any) -> list[str]:
        async with cut_off.database.reading() as session:
            return [due.period for due in await schedule.owed(session, job, cut_off.settings, now)]

    await schedule.catch_up(cut_off, [job], due.at)
    assert label in await owed(due.at)
    assert await count(loop, f"message WHERE schedule = '{QUARTERLY}'") == 0
    again = due.at + schedule.RETRY_AFTER
    await schedule.catch_up(loop.notifications.process, [job], again)
    assert await owed(again) == []
    with not_before(again):
        assert len(await loop.mails_to(OFFICER)) == 1


async def test_when_a_link_cannot_be_made_its_officer_is_neither_claimed_nor_served(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures came, but the service fell silent before the link: the claim is undone with it."""
    label, day = last_quarter()
    await loop.raise_one(day)

    async def silent(*_: Any) -> str:
        raise ServiceOutOfReach("TimeoutError")

    headers = loop.notifications.as_(Role.TEAM_MANAGER)
    with monkeypatch.context() as patched:
        patched.setattr(Escalations, "create_link", silent)
        path = f"/v1/messages/schedules/{QUARTERLY}/run"
        answer = await loop.notifications.post(path, json={"period": label}, headers=headers)
    assert answer.status_code == 503
    assert await count(loop, f"chassis.schedule_claim WHERE job = '{QUARTERLY}'") == 0
    assert await count(loop, f"message WHERE schedule = '{QUARTERLY}'") == 0
    assert (await loop.run(QUARTERLY, label))["queued"] == 1
    assert len(await loop.mails_to(OFFICER)) == 1


async def test_a_chair_who_lost_their_escalations_after_the_preview_gets_nothing_and_the_new_owner_does(
    loop: Loop,
) -> None:
    reference = await loop.raise_one(clock.today())
    assert [letter["recipient_id"] for letter in await preview(loop, REMINDER, week())] == ["chair-1"]
    await reassign(loop, reference, "chair-2")
    assert (await loop.run(REMINDER, week())) == {"recipients": 1, "queued": 1}
    (again,) = await preview(loop, REMINDER, week())
    assert again["served_at"] is not None, "whoever ran it again would send nothing"
    handed_over, mail = sorted(await loop.mails_to(OTHER_CHAIR, 2), key=lambda mail: str(mail["Subject"]))
    assert "Handed over" in handed_over["Subject"]
    assert reference in words(mail)
    assert loop.postbox.to(CHAIR) == []


async def test_a_new_owner_is_reminded_although_the_old_one_was_already(loop: Loop) -> None:
    reference = await loop.raise_one(clock.today())
    await loop.run(REMINDER, week())
    await loop.mails_to(CHAIR)
    await reassign(loop, reference, "chair-2")
    assert (await loop.run(REMINDER, week()))["queued"] == 1
    await loop.mails_to(OTHER_CHAIR, 2)
    assert len(loop.postbox.to(CHAIR)) == 1


async def test_a_chair_who_left_is_not_reminded_and_the_report_says_so(loop: Loop) -> None:
    await loop.raise_one(clock.today())
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    left = {
        "name": "Invented chair-1",
        "email": CHAIR,
        "positions": ["chair"],
        "starts_on": "2018-01-01",
        "ends_on": yesterday,
    }
    headers = loop.notifications.as_(Role.ADMINISTRATOR) | {"If-Match": '"1"'}
    answer = await loop.notifications.put("/v1/colleagues/chair-1", json=left, headers=headers)
    assert answer.status_code == 200, answer.text
    assert await loop.run(REMINDER, week()) == {"recipients": 0, "queued": 0}
    assert (await loop.run(REPORT, week()))["queued"] == 1
    (report,) = await loop.mails_to(MANAGER)
    assert "1 escalation belongs to somebody who left: please reassign." in words(report)
    assert "1 escalation is about a number of no known child: please check it." in words(report)
    assert "Invented chair-1, conferences: 1 open" in words(report)
    assert loop.postbox.to(CHAIR) == []


async def test_an_officer_is_named_late_and_gets_theirs_alone(loop: Loop) -> None:
    """The quarter was sent while nobody covered the schools; it is run again once somebody does."""
    label, day = last_quarter()
    await loop.raise_one(day)
    await loop.raise_one(day, agency="schools", role="head-teacher")
    assert await loop.run(QUARTERLY, label) == {"recipients": 2, "queued": 2}
    await loop.put(
        "/v1/colleagues/officer-2",
        name="Invented officer-2",
        email="officer-2@example.org",
        positions=["liaison_officer"],
        starts_on="2018-01-01",
    )
    await loop.cover("officer-2", "schools")
    assert await loop.run(QUARTERLY, label) == {"recipients": 2, "queued": 1}
    (mail,) = await loop.mails_to("officer-2@example.org")
    assert "1 escalation" in words(mail)
    assert len(await loop.mails_to(OFFICER)) == 1
    assert re.search(r"/answer/[\w-]{30,}", words(mail))


async def test_a_quarter_caught_up_late_is_not_followed_by_its_reminder_at_once(loop: Loop) -> None:
    """The scheduler was away on the day of the email, and comes back on the day of the first reminder."""
    label, day = last_quarter()
    await loop.raise_one(day)
    process = loop.notifications.process
    jobs = [SENDINGS[name].job() for name in (QUARTERLY, QUARTERLY_REMINDERS)]
    await process.database.statements.rows("DELETE FROM chassis.schedule_run")
    caught_up, three_weeks_on = (timetable.due_of(jobs[1], process.settings, f"{label}+{days}").at for days in (7, 21))
    await schedule.catch_up(process, jobs, caught_up)
    with not_before(caught_up):
        (mail,) = await loop.mails_to(OFFICER)
    link = re.search(r"/answer/[\w-]{30,}", words(mail))
    assert link is not None
    assert (await loop.escalations.get(link.group())).status_code == 303
    await schedule.catch_up(process, jobs, three_weeks_on)
    with not_before(three_weeks_on):
        assert len(await loop.mails_to(OFFICER, 2)) == 2


async def test_a_manager_who_covers_something_hears_of_what_nobody_covers_too(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day, agency="schools", role="head-teacher")
    await loop.raise_one(day)
    await loop.cover("manager-1", "surgeries")
    assert (await loop.run(QUARTERLY, label))["queued"] == 2
    subjects = {mail["Subject"] for mail in await loop.mails_to(MANAGER, 2)}
    assert len(subjects) == 2, subjects


async def test_a_long_run_says_with_each_recipient_that_it_is_alive(loop: Loop) -> None:
    await loop.raise_one(clock.today())
    process, name = loop.notifications.process, LOOP.set("a long run")
    try:
        await SENDINGS[REMINDER].run(process, week(), clock.now())
    finally:
        LOOP.reset(name)
    assert "a long run" in process.heartbeats


async def test_an_unknown_schedule_or_period_is_refused(loop: Loop) -> None:
    headers = loop.notifications.as_(Role.TEAM_MANAGER)
    for name, period, status in (
        ("send_nothing", "2024-Q1", 404),
        (QUARTERLY, "2024-Q9", 422),
        (QUARTERLY, "2024-W10", 422),
        (REMINDER, "2024-Q1", 422),
    ):
        answer = await loop.notifications.post(
            f"/v1/messages/schedules/{name}/run", json={"period": period}, headers=headers
        )
        assert answer.status_code == status, (name, period)
    for role in (Role.CHAIR, Role.BUSINESS_SUPPORT):
        answer = await loop.notifications.get("/v1/messages/schedules", headers=loop.notifications.as_(role))
        assert answer.status_code == 403
