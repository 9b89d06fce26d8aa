"""From planned to handed over: whoever a review concerns is told by email or letter, once, and no name travels."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.fields import day_in_words as day
from chassis.law.periods import PeriodKind, period_of
from tests.support.journeys.loop import words
from tests.support.journeys.reviews_loop import (
    ADVOCACY,
    BORN,
    CHILD,
    DECISION,
    FAMILY,
    GIVEN,
    REASON,
    ReviewsLoop,
    coming,
    reviews_loop,
)
from tests.support.logs import forget_loggers
from tests.support.reviews.office import days_ago
from tests.support.running import Running

CHAIR, OTHER_CHAIR, MANAGER = "chair-1@example.org", "chair-2@example.org", "manager-1@example.org"
REMINDER, REPORT = "send_weekly_reminder", "send_weekly_report"


@pytest.fixture
async def loop(running: Running) -> AsyncIterator[ReviewsLoop]:
    async with reviews_loop(running) as loop:
        yield loop


def week() -> str:
    return period_of(PeriodKind.WEEK, clock.today()).label


async def test_the_advocate_and_the_child_hear_of_a_review_planned_moved_and_cancelled(loop: ReviewsLoop) -> None:
    await loop.child()
    review = await loop.office.planned("P1", on=coming(3), planned_time="14:30", venue="Town Hall")
    (invited,) = await loop.mails_to(ADVOCACY)
    (asked,) = await loop.mails_to(CHILD)
    assert asked["Subject"] == f"Your review is on {day(coming(3))}"
    assert "Invented chair-1 is your Independent Reviewing Officer." in words(asked)
    for mail, when in ((invited, f"{coming(3):%A} {day(coming(3))}"), (asked, day(coming(3)))):
        assert f"When: {when}, 14:30\nHow: in person, Town Hall\n" in words(mail)
        assert "chair-1@example.org" in words(mail)
        assert "P1" not in words(mail).split()
    assert f"Review {review['reference']} is about a child" in words(invited)

    moved = await loop.move(review, coming(5))
    for address in (ADVOCACY, CHILD):
        mail = (await loop.mails_to(address, 2))[1]
        assert day(coming(5)) in mail["Subject"]
        assert f"{day(coming(5))}, 14:30\n" in words(mail)

    await loop.cancel(moved)
    for address in (ADVOCACY, CHILD):
        mail = (await loop.mails_to(address, 3))[2]
        assert "was cancelled" in mail["Subject"]
        assert day(coming(5)) in words(mail)


async def test_the_child_hears_on_which_day_an_adjourned_review_goes_on(loop: ReviewsLoop) -> None:
    await loop.child()
    review = await loop.office.planned("P1", on=clock.today())
    await loop.mails_to(CHILD)
    body = {"sat_on": clock.today().isoformat(), "resumes_on": coming(5).isoformat()}
    path = f"/v1/reviews/{review['reference']}/adjourn"
    answer = await loop.office.ask("POST", path, body, version=review["version"])
    assert answer.status_code == 200, answer.text
    mail = (await loop.mails_to(CHILD, 2))[1]
    assert day(coming(5)) in mail["Subject"]


async def test_a_child_without_an_email_gets_a_letter_that_business_support_prints_once(loop: ReviewsLoop) -> None:
    await loop.child("P1")
    await loop.child("P2", email=None)
    await loop.office.planned("P1", "P2", on=coming(3))
    (mail,) = await loop.mails_to(ADVOCACY)
    assert "is about 2 children" in words(mail)
    await loop.mails_to(CHILD)
    (letter,) = await loop.log(state="to_print")
    assert (letter["template"], letter["recipient_id"], letter["address"]) == ("consultation", "P2", "")
    whole = await loop.notifications.get(f"/v1/messages/{letter['id']}", headers=loop.support())
    assert "Your review is coming up" in whole.json()["html"]

    path = f"/v1/messages/{letter['id']}/printed"
    refused = await loop.notifications.post(path, headers=loop.notifications.as_(Role.CHAIR))
    assert refused.status_code == 403
    printed = (await loop.notifications.post(path, headers=loop.support())).json()
    assert (printed["state"], printed["printed_by"]) == ("printed", "support-1")
    assert printed["printed_at"]
    again = await loop.notifications.post(path, headers=loop.support())
    assert again.status_code == 409, again.text
    (sent,) = await loop.log(state="sent", template="consultation")
    assert (
        await loop.notifications.post(f"/v1/messages/{sent['id']}/printed", headers=loop.support())
    ).status_code == 409
    assert await loop.log(state="to_print") == []


async def test_a_child_below_eight_years_brings_no_advocate(loop: ReviewsLoop) -> None:
    await loop.child(born_on=days_ago(7 * 365).isoformat())
    await loop.office.planned("P1", on=coming(3))
    await loop.mails_to(CHILD)
    assert await loop.log(template="advocate_invitation") == []


async def test_where_no_advocacy_address_is_known_the_safeguarding_team_is_asked(running: Running) -> None:
    async with reviews_loop(running, advocacy_email="") as loop:
        await loop.child()
        await loop.office.planned("P1", on=coming(3))
        (mail,) = await loop.mails_to("safe-1@example.org")
        assert mail["Subject"].startswith("Please invite an advocate: REV-")
        assert "We do not have an address for an advocacy service." in words(mail)


async def test_decisions_reach_the_social_work_manager(loop: ReviewsLoop) -> None:
    await loop.child()
    held = await loop.office.held("P1")
    await loop.decide(held)
    (mail,) = await loop.mails_to("swm-1@example.org")
    assert held["reference"] in mail["Subject"]
    assert "2 decisions to consider" in words(mail)
    assert f"/reviews/{held['reference']}" in words(mail)
    assert loop.subjects(MANAGER) == []


async def test_decisions_reach_every_team_manager_when_the_social_work_manager_left(loop: ReviewsLoop) -> None:
    await loop.child()
    held = await loop.office.held("P1")
    await loop.leave("swm-1", "social_work_manager")
    await loop.decide(held, 1)
    for who in ("manager-1", "manager-2"):
        (mail,) = await loop.mails_to(f"{who}@example.org")
        assert "a child whose manager is not in the directory" in words(mail)
    assert loop.subjects("swm-1@example.org") == []


async def test_a_hand_over_is_told_to_the_new_chair_and_their_manager(loop: ReviewsLoop) -> None:
    await loop.child("P1")
    await loop.child("P2", email=None)
    review = await loop.office.planned("P1", on=coming(3))
    await loop.hand_over()
    for address in (OTHER_CHAIR, MANAGER):
        (mail,) = await loop.mails_to(address)
        assert mail["Subject"].startswith("Handed over: 2 children, 1 planned review from ")
        assert "Invented chair-2 has these, which Invented chair-1 had until now:" in words(mail)
        assert review["reference"] in words(mail)
    assert loop.subjects(CHAIR) == []


async def test_the_weekly_reminder_lists_what_is_due_with_escalations_and_without(loop: ReviewsLoop) -> None:
    await loop.child("P1", since=days_ago(60))
    await loop.child("P2", since=days_ago(20), chair="chair-2", email=None)
    reference = await loop.raise_one(clock.today())
    assert await loop.run(REMINDER, week()) == {"recipients": 2, "queued": 2}
    (mail,) = await loop.mails_to(CHAIR)
    assert "Your open escalations: 1" in mail["Subject"]
    assert reference in words(mail)
    owed = await loop.office.owed("P1")
    late = (clock.today() - date.fromisoformat(owed["review", "first"]["due_on"])).days
    assert "First review: 1 overdue" in words(mail)
    assert f"P1: {late} days overdue" in words(mail)
    (other,) = await loop.mails_to(OTHER_CHAIR)
    assert other["Subject"].startswith("Due for your children: ")
    assert "P2: First review, " in words(other)
    assert "P1" not in words(other).split()
    assert (await loop.run(REMINDER, week()))["queued"] == 0


async def test_the_weekly_report_names_what_is_overdue_although_nothing_is_escalated(loop: ReviewsLoop) -> None:
    await loop.child("P1", since=days_ago(60), chair=None)
    assert (await loop.run(REPORT, week()))["queued"] == 3
    (mail,) = await loop.mails_to(MANAGER)
    assert mail["Subject"].startswith("Overdue for looked-after children: ")
    assert "1 child has had no chair for more than 5 working days" in words(mail)
    assert "First review: 1" in words(mail)


async def test_no_name_birthday_or_word_of_a_decision_travels(
    running: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    forget_loggers()
    async with reviews_loop(running) as loop:
        await loop.child("P1", since=days_ago(60))
        await loop.child("P2", since=days_ago(60), email=None)
        await loop.decide(await loop.office.held("P1"))
        review = await loop.office.planned("P2", on=coming(3))
        await loop.cancel(await loop.move(review, coming(5)))
        await loop.run(REMINDER, week())
        await loop.hand_over()
        await loop.mails_to(OTHER_CHAIR)
        await loop.mails_to("swm-1@example.org")
        await loop.mails_to(CHAIR)
        assert await loop.log(state="to_print")
        mails = [
            part for mail in loop.postbox.mails for part in (str(mail["Subject"]), words(mail), words(mail, "html"))
        ]
        events, kept = list[Any](), list[Any]()
        for service in (loop.reviews, loop.notifications, loop.escalations):
            rows = service.process.database.statements.rows
            events += [row["row"] for row in await rows("SELECT told::text AS row FROM chassis.outgoing told")]
        for table in ("message", "chassis.schedule_run", "chassis.schedule_claim", "chassis.audit_entry"):
            sql = f"SELECT one::text AS row FROM {table} one"
            kept += [row["row"] for row in await loop.notifications.process.database.statements.rows(sql)]
        assert (await loop.office.get("/v1/children/P1/care"))["born_on"] == BORN
    written = "".join(capfd.readouterr())
    forget_loggers()
    assert "event_handled" in written
    for text in (json.dumps(mails), json.dumps(events), json.dumps(kept), written):
        assert text
        found = [word for word in (GIVEN, FAMILY, BORN, DECISION, REASON) if word.lower() in text.lower()]
        assert found == []
    assert day(date.fromisoformat(BORN)) not in json.dumps(mails)
    assert CHILD not in json.dumps(events)
    assert CHILD not in written
