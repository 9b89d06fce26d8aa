"""From raised to answered: the email reaches the officer, the answer reaches the chair, the reminder falls silent."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from services.escalations.rules import CHOICE_LABELS, Choice
from tests.support.journeys.loop import Loop, whole_loop, words
from tests.support.links import send_form
from tests.support.running import Running

OFFICER, CHAIR, MANAGER = "officer-1@example.org", "chair-1@example.org", "manager-1@example.org"


@pytest.fixture
async def loop(running: Running) -> AsyncIterator[Loop]:
    async with whole_loop(running) as loop:
        yield loop


def last_quarter() -> tuple[str, object]:
    quarter = period_of(PeriodKind.QUARTER, clock.today()).previous()
    return quarter.label, quarter.first + timedelta(days=10)


def week() -> str:
    return period_of(PeriodKind.WEEK, clock.today()).label


async def test_an_escalation_travels_from_raised_to_answered(loop: Loop) -> None:
    label, day = last_quarter()
    references = [await loop.raise_one(day) for _ in range(3)]  # type: ignore[arg-type]
    assert (await loop.run("send_weekly_reminder", week()))["queued"] == 1
    (reminder,) = await loop.mails_to(CHAIR)
    assert all(reference in words(reminder) for reference in references)

    assert await loop.run("send_quarterly_escalations", label) == {"recipients": 1, "queued": 1}
    (mail,) = await loop.mails_to(OFFICER)
    for kind in ("plain", "html"):
        text = words(mail, kind)
        assert not any(reference in text for reference in references), "the list is behind the link"
        assert "P100001" not in text
        assert "Planted" not in text
    link = re.search(r"http://\S+/answer/\S+\?choice=dealt_with", words(mail))
    assert link

    browser = loop.escalations
    page = await browser.get(link.group(), follow_redirects=True)
    assert "Send this answer for all 3" in page.text
    assert all(reference in page.text for reference in references)
    assert 'value="dealt_with" checked' in page.text
    receipt = await send_form(browser, {"scope": "all", "choice": "dealt_with"}, follow_redirects=True)
    assert "Answer received" in receipt.text

    letter = (await loop.mails_to(CHAIR, 2))[1]
    assert letter["Subject"] == "Answered: 3 of your escalations"
    next_week = period_of(PeriodKind.WEEK, clock.today()).next().label
    preview = await loop.notifications.post(
        "/v1/messages/schedules/send_weekly_reminder/preview",
        json={"period": next_week},
        headers=loop.notifications.as_(Role.TEAM_MANAGER, subject="manager-1"),
    )
    (shown,) = preview.json()
    assert "Answered: close it, or go on: 3" in shown["text"]
    assert shown["text"].count(f"Answer: {CHOICE_LABELS[Choice.DEALT_WITH]}") == 3


async def test_nobody_is_served_twice_for_the_same_period(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)  # type: ignore[arg-type]
    assert (await loop.run("send_quarterly_escalations", label))["queued"] == 1
    assert (await loop.run("send_quarterly_escalations", label))["queued"] == 0
    assert len(await loop.mails_to(OFFICER)) == 1


async def test_what_nobody_covers_is_shown_to_the_managers(loop: Loop) -> None:
    label, day = last_quarter()
    reference = await loop.raise_one(day, agency="schools", role="head-teacher")  # type: ignore[arg-type]
    assert (await loop.run("send_quarterly_escalations", label))["queued"] == 1
    (mail,) = await loop.mails_to(MANAGER)
    assert "Schools, Head teacher, North: 1" in words(mail)
    assert reference not in words(mail)


async def test_a_reminder_keeps_the_link_before_it_and_stops_after_the_answer(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)  # type: ignore[arg-type]
    await loop.run("send_quarterly_escalations", label)
    (first,) = await loop.mails_to(OFFICER)
    await loop.days_pass("send_quarterly_escalations", 7)
    await loop.run("send_quarterly_reminders", f"{label}+7")
    second = (await loop.mails_to(OFFICER, 2))[1]
    old, new = (re.search(r"/answer/[\w-]+", words(mail)) for mail in (first, second))
    assert old
    assert new
    await loop.escalations.get(new.group(), follow_redirects=True)
    await loop.escalations.get(old.group(), follow_redirects=True)
    await send_form(loop.escalations, {"scope": "all", "choice": "records_differ"})
    assert await loop.run("send_quarterly_reminders", f"{label}+21") == {"recipients": 0, "queued": 0}


async def test_an_old_link_brings_a_new_one_to_the_address_on_file(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)  # type: ignore[arg-type]
    await loop.run("send_quarterly_escalations", label)
    await loop.days_pass("send_quarterly_escalations", 7)
    await loop.run("send_quarterly_reminders", f"{label}+7")
    first = (await loop.mails_to(OFFICER, 2))[0]
    token = re.search(r"/answer/([\w-]+)", words(first))
    assert token
    for secret in (token[1], "nonsense"):
        answer = await loop.escalations.post("/answer/new-link", data={"token": secret})
        assert "Please look in your inbox" in answer.text
    mail = (await loop.mails_to(OFFICER, 3))[2]
    assert mail["Subject"].startswith("Your new link")


async def test_a_corrected_address_kills_the_link_that_went_to_the_old_one(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)  # type: ignore[arg-type]
    await loop.run("send_quarterly_escalations", label)
    (first,) = await loop.mails_to(OFFICER)
    old = re.search(r"http://\S+/answer/[\w-]+", words(first))
    assert old
    headers = loop.notifications.as_(Role.ADMINISTRATOR)
    known = (await loop.notifications.get("/v1/colleagues/officer-1", headers=headers)).json()
    corrected = {name: known[name] for name in known if name not in {"id", "version"}} | {"email": "right@example.org"}
    tag = {"If-Match": f'"{known["version"]}"'}
    path = "/v1/colleagues/officer-1"
    assert (await loop.notifications.put(path, json=corrected, headers=headers | tag)).status_code == 200
    (mail,) = await loop.mails_to("right@example.org")
    assert "Your email address was corrected" in words(mail)
    new = re.search(r"http://\S+/answer/[\w-]+", words(mail))
    assert new
    dead, live = [await loop.escalations.get(link.group()) for link in (old, new)]
    assert (dead.status_code, live.status_code) == (404, 303)
    assert len(loop.postbox.to(OFFICER)) == 1


async def test_the_log_keeps_the_message_but_not_its_secret(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)  # type: ignore[arg-type]
    await loop.run("send_quarterly_escalations", label)
    (mail,) = await loop.mails_to(OFFICER)
    token = re.search(r"/answer/([\w-]{30,})", words(mail))
    assert token
    manager = loop.notifications.as_(Role.TEAM_MANAGER)
    listed = (await loop.notifications.get("/v1/messages", headers=manager)).json()["items"]
    whole = await loop.notifications.get(f"/v1/messages/{listed[0]['id']}", headers=manager)
    assert whole.status_code == 200
    assert token[1] not in whole.text
    rows = await loop.notifications.process.database.statements.rows("SELECT message::text AS row FROM message")
    assert all(token[1] not in row["row"] for row in rows)


async def test_a_preview_sends_nothing(loop: Loop) -> None:
    label, day = last_quarter()
    await loop.raise_one(day)  # type: ignore[arg-type]
    headers = loop.notifications.as_(Role.TEAM_MANAGER)
    path = "/v1/messages/schedules/send_quarterly_escalations/preview"
    answer = await loop.notifications.post(path, json={"period": label}, headers=headers)
    (preview,) = answer.json()
    assert preview["recipient_id"] == "officer-1"
    assert "1 escalation" in preview["text"]
    assert preview["served_at"] is None
    assert not loop.postbox.mails
    schedules = (await loop.notifications.get("/v1/messages/schedules", headers=headers)).json()
    assert [schedule["name"] for schedule in schedules] == [
        "send_quarterly_escalations",
        "send_quarterly_reminders",
        "send_newly_responsible",
        "send_weekly_reminder",
        "send_weekly_report",
        "send_reports_due",
        "send_report_reminders",
        "send_core_group_reminders",
    ]
