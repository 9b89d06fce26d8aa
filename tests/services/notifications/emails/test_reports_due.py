"""An officer who wants it is told once a week which reports for conferences the people of their agencies owe."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from tests.support.notifications.directory import AGENCY, AREA, COLLEAGUE, put
from tests.support.notifications.other_services import Notifications, in_days, running_notifications
from tests.support.running import Running

SCHEDULE = "/v1/messages/schedules/send_reports_due"
WEEK = {"period": period_of(PeriodKind.WEEK, clock.today()).previous().label}
COVERAGE: dict[str, Any] = {"colleague_id": "officer", "agency_id": "surgeries", "starts_on": "2020-01-01"}


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    """An officer who covers the surgeries, and wants the list."""
    async with running_notifications(running) as notifications:
        client = notifications.client
        for path, body in (
            ("areas/north", AREA),
            ("agencies/surgeries", AGENCY),
            ("colleagues/officer", COLLEAGUE | {"reports_due_weekly": True}),
        ):
            assert (await put(client, path, body)).status_code == 201
        headers = client.as_(Role.ADMINISTRATOR)
        assert (await client.post("/v1/coverage", json=COVERAGE, headers=headers)).status_code == 201
        yield notifications


async def run(notifications: Notifications) -> dict[str, int]:
    answer = await notifications.ask("POST", f"{SCHEDULE}/run", WEEK)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["outcome"])


async def test_it_says_who_owes_what_until_when_and_comes_once_a_week(notifications: Notifications) -> None:
    notifications.others.invited(1, name="Dr Yarrow Elmsgate", report_due_on=in_days(9))
    notifications.others.invited(2, name="Dr Corin Ashdown", report_due_on=in_days(-2), email=None)
    notifications.others.invited(3, name="Somebody Else", agency_id="schools", agency_role="teacher")
    assert await run(notifications) == {"recipients": 1, "queued": 1}
    assert await run(notifications) == {"recipients": 1, "queued": 0}
    (row,) = await notifications.messages()
    assert (row["recipient_id"], row["template"]) == ("officer", "reports_due")
    assert "2 conference reports due by" in row["subject"]
    for form in (row["html"], row["text"]):
        assert "Somebody Else" not in form
        assert form.index("Dr Corin Ashdown") < form.index("Dr Yarrow Elmsgate"), "soonest first"
        for shown in ("CONF-1", "Bridge Surgery, Surgeries", "1 is overdue", "2 days overdue", "9 days left"):
            assert shown in form
        assert form.count("We have no email address for this person") == 1
        assert "P1" not in form


async def test_whoever_does_not_want_it_gets_none(notifications: Notifications) -> None:
    notifications.others.invited()
    answer = await put(notifications.client, "colleagues/officer", COLLEAGUE, '"1"')
    assert answer.json()["reports_due_weekly"] is False
    assert await run(notifications) == {"recipients": 0, "queued": 0}


async def test_nothing_owed_nothing_sent(notifications: Notifications) -> None:
    assert await run(notifications) == {"recipients": 0, "queued": 0}


async def test_a_preview_sends_nothing(notifications: Notifications) -> None:
    number = UUID(notifications.others.invited())
    (shown,) = (await notifications.ask("POST", f"{SCHEDULE}/preview", WEEK)).json()
    assert (shown["recipient_id"], shown["served_at"]) == ("officer", None)
    assert "CONF-1" in shown["text"] and str(number) not in shown["text"]
    assert await notifications.messages() == []
