"""Reminders of reports and core groups are sent once, whatever happens to the run."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import Response

from chassis.base import clock
from chassis.base.clock import LONDON
from chassis.base.fields import day_in_words as day
from chassis.jobs import schedule
from chassis.law.working_days import add_working_days, first_working_day, subtract_working_days
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.clients.conferences import Conferences
from services.notifications.schedules.timetable import SENDINGS
from tests.support.notifications.other_services import JSON, Notifications, in_days, running_notifications
from tests.support.running import Running

REPORTS, CORE_GROUPS = "send_report_reminders", "send_core_group_reminders"
FIRST, SECOND = (str(UUID(int=number)) for number in (1, 2))
TODAY = clock.today()
# The next day on which something is sent, and what is due three working days later.
SENT_ON = first_working_day(TODAY)
DUE_ON = add_working_days(SENT_ON, 3)


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """A moment in London."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(clock.now().tzinfo)


async def tick(notifications: Notifications, name: str, now: datetime) -> None:
    """What a scheduler does at a moment."""
    await schedule.catch_up(notifications.client.process, [SENDINGS[name].job()], now)


async def runs(notifications: Notifications, name: str) -> list[Any]:
    """The runs that did something, oldest first."""
    sql = "SELECT * FROM chassis.schedule_run WHERE job = $1 AND outcome->>'recipients' <> '0' ORDER BY period"
    return list(await notifications.client.process.database.statements.rows(sql, name))


async def missing(notifications: Notifications, *numbers: int, due_on: date = DUE_ON, **more: Any) -> None:
    """Professionals whose report for a conference is due on a day and has not come."""
    for number in numbers or (1, 2):
        notifications.others.invited(number, planned_on=(due_on + timedelta(days=7)).isoformat(), **more)
        notifications.others.invitations[str(UUID(int=number))]["report_due_on"] = due_on.isoformat()


def core_group(days: int, reference: str | None = "CONF-1", **more: Any) -> JSON:
    """A core group that is due in so many days."""
    given = {"person_id": "P1", "children": 2, "owner_id": "worker-1", "due_on": in_days(days)}
    return given | {"conference_reference": reference} | more


async def test_a_reminder_goes_at_eight_three_working_days_before(notifications: Notifications) -> None:
    await missing(notifications)
    await tick(notifications, REPORTS, at(SENT_ON, 7, 59))
    assert await notifications.recipients() == []
    await tick(notifications, REPORTS, at(SENT_ON))
    assert await notifications.recipients() == [FIRST, SECOND]
    first, _ = await notifications.messages()
    assert first["subject"] == f"Your report is due on {day(DUE_ON)}: CONF-1"
    assert first["period"] == DUE_ON.isoformat()
    assert first["answer_url"].endswith("/contribution/token-1")
    assert "token-1" not in first["text"] + first["html"]
    assert "Planted" not in first["text"]
    for later in range(1, 4):
        await tick(notifications, REPORTS, at(SENT_ON) + timedelta(days=later))
    assert await notifications.recipients() == [FIRST, SECOND]


async def test_schedulers_at_once_remind_each_once(notifications: Notifications) -> None:
    await missing(notifications)
    notifications.others.core_groups = [core_group((SENT_ON - TODAY).days + 1)]
    for name in (REPORTS, CORE_GROUPS):
        await asyncio.gather(*(tick(notifications, name, at(SENT_ON)) for _ in range(4)))
    job, due = SENDINGS[REPORTS].job(), DUE_ON.isoformat()
    await asyncio.gather(*(job.run(notifications.client.process, due, at(SENT_ON)) for _ in range(4)))
    assert await notifications.recipients() == [FIRST, SECOND, "worker-1"]
    assert notifications.others.links == [FIRST, SECOND]


async def test_who_is_killed_in_the_middle_reminds_the_others_later(
    notifications: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was reminded is not reminded again; of whom the link could not be made nothing is left behind."""
    await missing(notifications)
    original = Conferences.create_link

    async def breaks(self: Conferences, wanted: Any) -> str:
        if str(wanted.invitation_id) == SECOND:
            raise ServiceOutOfReach("TimeoutError")
        return await original(self, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(Conferences, "create_link", breaks)
        await tick(notifications, REPORTS, at(SENT_ON))
    assert await notifications.recipients() == [FIRST]
    assert (await notifications.kept())[1] == 1
    await tick(notifications, REPORTS, at(SENT_ON) + schedule.RETRY_AFTER)
    assert await notifications.recipients() == [FIRST, SECOND]
    assert notifications.others.links == [FIRST, SECOND]
    (run,) = await runs(notifications, REPORTS)
    assert (run["attempts"], run["caught_up"]) == (2, False)


async def test_while_conferences_are_down_nobody_is_claimed_and_the_run_is_owed(notifications: Notifications) -> None:
    await missing(notifications)
    notifications.others.failing = lambda: Response(status_code=500)
    await tick(notifications, REPORTS, at(SENT_ON))
    assert (await notifications.kept())[:2] == [0, 0]
    notifications.others.failing = None
    await tick(notifications, REPORTS, at(SENT_ON) + schedule.RETRY_AFTER)
    assert await notifications.recipients() == [FIRST, SECOND]


async def test_a_missed_run_is_caught_up_until_the_day_itself_and_says_so(notifications: Notifications) -> None:
    await missing(notifications)
    await tick(notifications, REPORTS, at(DUE_ON, 7))
    assert await notifications.recipients() == [FIRST, SECOND]
    (run,) = await runs(notifications, REPORTS)
    assert (run["period"], run["caught_up"]) == (DUE_ON.isoformat(), True)


async def test_of_a_day_that_has_gone_by_nobody_is_reminded(notifications: Notifications) -> None:
    await missing(notifications)
    await tick(notifications, REPORTS, at(DUE_ON + timedelta(days=1), 7))
    assert await notifications.recipients() == []


@pytest.mark.parametrize(
    "so",
    [
        {"email": None},
        {"withdrawn": True},
        {"state": "cancelled"},
        {"report_received_on": in_days(0)},
        # Whoever was invited that day was told that day.
        {"invited_on": SENT_ON.isoformat()},
    ],
)
async def test_who_owes_nothing_or_has_no_address_is_not_reminded(notifications: Notifications, so: JSON) -> None:
    await missing(notifications, 1)
    notifications.others.conference(**so)
    await missing(notifications, 2)
    await tick(notifications, REPORTS, at(SENT_ON))
    assert await notifications.recipients() == [SECOND]


async def test_another_due_date_is_another_reminder(notifications: Notifications) -> None:
    await missing(notifications, 1)
    await tick(notifications, REPORTS, at(SENT_ON))
    later = add_working_days(DUE_ON, 5)
    await missing(notifications, 1, due_on=later)
    await tick(notifications, REPORTS, at(subtract_working_days(later, 3)))
    assert [row["period"] for row in await notifications.messages()] == [DUE_ON.isoformat(), later.isoformat()]


async def test_the_setting_says_how_long_before(running: Running) -> None:
    async with running_notifications(running, report_reminder_working_days=5) as notifications:
        due_on = add_working_days(SENT_ON, 5)
        await missing(notifications, due_on=due_on)
        await tick(notifications, REPORTS, at(SENT_ON, 7, 59))
        assert await notifications.recipients() == []
        await tick(notifications, REPORTS, at(SENT_ON))
        assert await notifications.recipients() == [FIRST, SECOND]


async def test_a_preview_makes_no_link(notifications: Notifications) -> None:
    await missing(notifications)
    with clock.shifted(at(SENT_ON) - clock.now()):
        answer = await notifications.ask(
            "POST", f"/v1/messages/schedules/{REPORTS}/preview", {"period": DUE_ON.isoformat()}
        )
    assert [row["address"] for row in answer.json()] == ["invited-1@example.org", "invited-2@example.org"]
    assert notifications.others.links == []
    assert (await notifications.kept())[:2] == [0, 0]


async def test_a_social_worker_is_reminded_once_of_each_core_group_of_the_next_three_working_days(
    notifications: Notifications,
) -> None:
    ahead = (add_working_days(SENT_ON, 3) - TODAY).days
    notifications.others.core_groups = [
        core_group(ahead),
        core_group(ahead, "CONF-2"),
        core_group(ahead, None, person_id="P7", children=1),
        core_group(ahead + 1, "CONF-3"),
        core_group(ahead, "CONF-4", owner_id=None),
        core_group(ahead, "CONF-5", owner_id="worker-9"),
    ]
    for _ in range(2):
        await tick(notifications, CORE_GROUPS, at(SENT_ON))
    subjects = sorted(row["subject"] for row in await notifications.messages())
    due = day(add_working_days(SENT_ON, 3))
    assert subjects == [f"A core group is due by {due}{said}" for said in ("", ": CONF-1", ": CONF-2")]
    assert set(await notifications.recipients()) == {"worker-1"}
    await tick(notifications, CORE_GROUPS, at(add_working_days(SENT_ON, 1)))
    added = [row["subject"] for row in await notifications.messages()][3:]
    assert added == [f"A core group is due by {day(TODAY + timedelta(days=ahead + 1))}: CONF-3"]


async def test_a_core_group_that_is_known_late_is_reminded_of_all_the_same(notifications: Notifications) -> None:
    await tick(notifications, CORE_GROUPS, at(SENT_ON))
    tomorrow = add_working_days(SENT_ON, 1)
    notifications.others.core_groups = [core_group((tomorrow - TODAY).days)]
    await tick(notifications, CORE_GROUPS, at(tomorrow))
    (row,) = await notifications.messages()
    assert row["period"] == tomorrow.isoformat()
    assert "The core group of 2 children whose social worker you are" in row["text"]


async def test_runs_that_were_missed_remind_once_together(notifications: Notifications) -> None:
    notifications.others.core_groups = [core_group((add_working_days(SENT_ON, 2) - TODAY).days)]
    await tick(notifications, CORE_GROUPS, at(add_working_days(SENT_ON, 2), 7))
    assert await notifications.recipients() == ["worker-1"]


@pytest.mark.parametrize("name", [REPORTS, CORE_GROUPS])
async def test_without_a_conferences_service_nobody_is_reminded(running: Running, name: str) -> None:
    async with running_notifications(running, conferences_url="") as notifications:
        await missing(notifications)
        notifications.others.core_groups = [core_group((SENT_ON - TODAY).days + 1)]
        await tick(notifications, name, at(SENT_ON))
        assert (await notifications.kept())[:2] == [0, 0]
        sql = "SELECT count(*) AS count FROM chassis.schedule_run WHERE finished_at IS NULL"
        assert (await notifications.client.process.database.statements.first_row(sql))["count"] == 0
