"""Whoever has to do with a conference hears of it by email, across the real services: when, where, and by what link."""

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from chassis.base import clock
from chassis.base.fields import day_in_words as day
from chassis.law.periods import PeriodKind, period_of
from chassis.law.working_days import subtract_working_days
from tests.support.conferences.desk import (
    GP,
    HEALTH_VISITOR,
    JSON,
    MOTHER,
    OBSERVER,
    SCHOOL,
    SOCIAL_WORKER,
    coming_working_day,
)
from tests.support.journeys.conferences_loop import ADVOCACY, ConferencesLoop, conferences_loop
from tests.support.journeys.loop import words
from tests.support.links import ask_for_code, enter_code
from tests.support.running import Running

CHAIR, MANAGER, WORKER = "chair-1@example.org", "manager-1@example.org", "worker-1@example.org"
DOCTOR, SCHOOLS, WATCHER = "gp@example.org", "school@example.org", "watcher@example.org"
NOBODY = ("Planted", "Merrin", "Elmsgate", "Coldstone")


@pytest.fixture
async def loop(running: Running) -> AsyncIterator[ConferencesLoop]:
    async with conferences_loop(running) as loop:
        yield loop


async def planned(loop: ConferencesLoop, days: int = 5) -> JSON:
    """An initial conference in so many working days, to which a doctor, a school and others are invited."""
    await loop.desk.registered("P1")
    await loop.desk.enquired("P1")
    conference = await loop.desk.planned("P1", on=coming_working_day(days), planned_time="09:30", venue="Town Hall")
    people = [GP | {"email": DOCTOR}, SCHOOL | {"email": SCHOOLS}, HEALTH_VISITOR, OBSERVER | {"email": WATCHER}]
    await loop.desk.invited(conference, *people, MOTHER | {"email": "mother@example.org"})
    return conference


def link_in(text: str) -> str:
    """The address of the page in an email."""
    found = re.search(r"https?://\S+/contribution/\S+", text)
    assert found is not None, text
    return found[0]


def week() -> str:
    return period_of(PeriodKind.WEEK, clock.today()).label


async def test_those_invited_hear_of_it_with_a_link_that_works_and_of_each_change(loop: ConferencesLoop) -> None:
    conference = await planned(loop)
    (invited,) = await loop.mails_to(DOCTOR)
    assert day(date.fromisoformat(conference["report_due_on"])) in words(invited)
    first = link_in(words(invited))
    assert (await loop.conferences.get(first)).status_code == 303
    for address in (SCHOOLS, WATCHER, ADVOCACY):
        await loop.mails_to(address)

    path = f"/v1/conferences/{conference['reference']}"
    to = coming_working_day(7)
    body = {"planned_on": to.isoformat()}
    moved = await loop.desk.done("PATCH", path, body, version=conference["version"])
    mails = await loop.mails_to(DOCTOR, 2)
    assert day(to) in words(mails[1])
    assert (await loop.conferences.get(first)).status_code == 303
    assert (await loop.conferences.get(link_in(words(mails[1])))).status_code == 303

    await loop.desk.done("POST", f"{path}/cancel", {"reason": "Plantedreason"}, version=moved["version"])
    for address in (DOCTOR, SCHOOLS, WATCHER, ADVOCACY):
        assert "was cancelled" in (await loop.mails_to(address, 3))[2]["Subject"]
    assert loop.postbox.to("mother@example.org") == []
    for mail in loop.postbox.mails:
        for form in (str(mail["Subject"]), words(mail), words(mail, "html")):
            assert not [word for word in NOBODY if word in form]
            assert "P1" not in form.split()


async def test_whoever_lost_the_link_is_sent_another(loop: ConferencesLoop) -> None:
    await planned(loop)
    (mail,) = await loop.mails_to(DOCTOR)
    token = link_in(words(mail)).rpartition("/")[2]
    for _ in range(3):
        assert (await loop.conferences.post("/contribution/new-link", data={"token": token})).status_code == 200
    mails = await loop.mails_to(DOCTOR, 2)
    await loop.received()
    assert (await loop.conferences.get(link_in(words(mails[1])))).status_code == 303
    assert len(loop.postbox.to(DOCTOR)) == 2


async def test_who_has_not_sent_their_report_is_reminded_and_who_has_is_not(loop: ConferencesLoop) -> None:
    conference = await planned(loop)
    whole = await loop.desk.get(f"/v1/conferences/{conference['reference']}")
    (school,) = [invitation for invitation in whole["invitations"] if invitation["email"] == SCHOOLS]
    body = {"report_received_on": clock.today().isoformat()}
    await loop.desk.done("PATCH", f"/v1/invitations/{school['id']}", body, version=school["version"])
    await loop.mails_to(DOCTOR)
    run = await loop.run("send_report_reminders", whole["report_due_on"])
    assert run == {"recipients": 0, "queued": 0}, "whoever was invited today was told today"
    await loop.desk.rows("UPDATE invitation SET invited_on = invited_on - 1")
    for queued in (1, 0):
        assert await loop.run("send_report_reminders", whole["report_due_on"]) == {"recipients": 1, "queued": queued}
    reminder = (await loop.mails_to(DOCTOR, 2))[1]
    assert (
        reminder["Subject"]
        == f"Your report is due on {day(date.fromisoformat(whole['report_due_on']))}: " + (conference["reference"])
    )
    assert (await loop.conferences.get(link_in(words(reminder)))).status_code == 303
    assert len(loop.postbox.to(SCHOOLS)) == 1


async def test_papers_core_groups_proposals_and_concerns_reach_whom_they_concern(loop: ConferencesLoop) -> None:
    conference = await loop.desk.held("P1", invite=[SOCIAL_WORKER, GP | {"email": DOCTOR}, SCHOOL | {"email": SCHOOLS}])
    reference = conference["reference"]
    assert len(await loop.desk.closed(conference)) == 3
    body = {"sent_on": clock.today().isoformat()}
    await loop.desk.done("POST", f"/v1/conferences/{reference}/outline-plan/send", body, version=conference["version"])
    for address in (DOCTOR, SCHOOLS):
        papers = [mail for mail in await loop.mails_to(address, 1) if "outline plan" in mail["Subject"]]
        assert [paper["Subject"] for paper in papers] == [f"The outline plan is out: conference {reference}"]

    (owed,) = await loop.desk.owed("P1", "core_group")
    await loop.desk.rows("UPDATE deadline SET due_on = $1 WHERE kind = 'core_group'", coming_working_day(2))
    assert owed["owner_id"] == "worker-1"
    await loop.run("send_core_group_reminders", subtract_working_days(clock.today(), 1).isoformat())
    (reminder,) = await loop.mails_to(WORKER)
    assert reminder["Subject"] == f"A core group is due by {day(coming_working_day(2))}: {reference}"

    await loop.run("send_weekly_reminder", week())
    (weekly,) = await loop.mails_to(CHAIR)
    assert str(weekly["Subject"]).startswith("Escalations to decide on: 3; due for your children:")
    assert f"{reference}: 3" in words(weekly)

    check = {"kind": "midway", "visits_in_time": False, "core_groups_held": True}
    check |= {"concern": "Plantedconcern", "concern_to": "social_worker"}
    await loop.desk.done("POST", "/v1/children/P1/plan-checks", check, status=201)
    concern = (await loop.mails_to(WORKER, 2))[1]
    assert concern["Subject"] == f"A concern about a plan: {reference}, midway check"
    assert "Plantedconcern" not in words(concern)


async def test_professionals_without_an_address_are_shown_to_managers(loop: ConferencesLoop) -> None:
    conference = await planned(loop)
    await loop.run("send_weekly_report", week())
    (report,) = await loop.mails_to(MANAGER)
    assert "1 invited professional has no email address: please find it, or ask them by other means" in words(report)
    assert conference["reference"] in words(report)


async def test_what_is_told_again_is_sent_once(loop: ConferencesLoop) -> None:
    conference = await planned(loop)
    await loop.received()
    path = f"/v1/conferences/{conference['reference']}"
    body = {"planned_on": coming_working_day(7).isoformat()}
    moved = await loop.desk.done("PATCH", path, body, version=conference["version"])
    await loop.received()
    await loop.hand_over()
    version = (await loop.desk.get(path, subject="chair-2"))["version"]
    assert version > moved["version"]
    await loop.desk.done("POST", f"{path}/cancel", {"reason": "x"}, version=version)
    await loop.received()
    before = await loop.kept()
    events = await loop.said()
    for event in events:
        assert await loop.publish(event) == 204
        assert await loop.publish(event, anew=True) == 204
    assert await loop.kept() == before
    assert before == {"messages": 14, "claims": 14}


async def test_a_code_comes_to_the_same_mailbox_and_opens_the_names(loop: ConferencesLoop) -> None:
    await planned(loop)
    (invitation,) = await loop.mails_to(DOCTOR)
    await loop.conferences.get(link_in(words(invitation)), follow_redirects=True)
    await ask_for_code(loop.conferences)
    mail = (await loop.mails_to(DOCTOR, 2))[-1]
    assert mail["Subject"] == "Your code"
    assert not [name for name in (*NOBODY, "CONF-", "P1") if name in words(mail)]
    found = re.search(r"Your code: (\d{6})$", words(mail), re.MULTILINE)
    assert found is not None
    answer = await enter_code(loop.conferences, found[1])
    page = await loop.conferences.get(answer.headers["location"])
    assert "Merrin Planted" in page.text
    (row,) = await loop.notifications.process.database.statements.rows(
        "SELECT answer_url FROM message WHERE template = 'link_code'"
    )
    assert row["answer_url"] is None, "it is forgotten once it was sent"
