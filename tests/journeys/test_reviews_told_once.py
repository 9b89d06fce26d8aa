"""Events about reviews may come twice, late or in any order, and reviews may be down: everybody hears once, and right."""

from collections.abc import AsyncIterator

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.fields import day_in_words as day
from chassis.events.deliveries import send_again
from chassis.law.periods import PeriodKind, period_of
from tests.support.journeys.loop import words
from tests.support.journeys.reviews_loop import ADVOCACY, CHILD, ReviewsLoop, coming, reviews_loop
from tests.support.reviews.office import days_ago
from tests.support.running import Running
from tests.support.serving import Client, free_port
from tests.support.waiting import eventually

CHAIR = "chair-1@example.org"
ALL = ("review.planned", "review.moved", "review.cancelled", "review.decisions_recorded", "reviews.handed_over")
REMINDER, REPORT = "send_weekly_reminder", "send_weekly_report"
NOTHING = {"messages": 0, "claims": 0, "heard": 0}


@pytest.fixture
async def by_hand(running: Running) -> AsyncIterator[ReviewsLoop]:
    """Reviews tell nobody; the tests tell what they said, in any order."""
    async with reviews_loop(running, by_hand=True) as loop:
        yield loop


def week() -> str:
    return period_of(PeriodKind.WEEK, clock.today()).label


async def cut_off(loop: ReviewsLoop, running: Running) -> Client:
    """Notifications on the same database while reviews are down."""
    changes = {"reviews_url": f"http://127.0.0.1:{free_port()}", "worker_in_web": False}
    return await running("notifications", loop.notifications.settings.model_copy(update=changes))


async def test_what_is_told_again_is_sent_once(running: Running) -> None:
    async with reviews_loop(running) as loop:
        await loop.child("P1")
        await loop.child("P2", email=None)
        await loop.decide(await loop.office.held("P1"))
        review = await loop.office.planned("P2", on=coming(3))
        await loop.received(*ALL)
        moved = await loop.move(review, coming(5))
        await loop.received(*ALL)
        await loop.cancel(moved)
        await loop.received(*ALL)
        await loop.hand_over()
        await loop.received(*ALL)
        before = await loop.kept()
        events = await loop.said(*ALL)
        assert {event["type"] for event in events} == set(ALL)
        for event in events:
            assert await loop.publish(event) == 204
            assert await loop.publish(event, anew=True) == 204
        first = min(event["at"] for event in events)
        assert await send_again(loop.reviews.settings, "notifications", first) >= len(events)

        async def delivered() -> bool:
            sql = "SELECT count(*) AS n FROM chassis.delivery WHERE delivered_at IS NULL"
            return bool((await loop.office.rows(sql))[0]["n"] == 0)

        assert await eventually(delivered)
        after = await loop.kept()
        assert (after["messages"], after["claims"]) == (before["messages"], before["claims"])
        assert after["heard"] == before["heard"] + len(events)


async def test_while_reviews_are_down_a_plan_is_not_taken_in_and_announced_later(
    by_hand: ReviewsLoop, running: Running
) -> None:
    loop = by_hand
    await loop.child()
    await loop.office.planned("P1", on=coming(3))
    (event,) = await loop.said("review.planned")
    assert await loop.publish(event, to=await cut_off(loop, running)) >= 500
    assert await loop.kept() == NOTHING
    assert await loop.publish(event) == 204
    await loop.mails_to(ADVOCACY)
    await loop.mails_to(CHILD)
    assert await loop.kept() == {"messages": 2, "claims": 2, "heard": 1}


async def test_while_reviews_are_down_no_weekly_email_is_sent_by_halves(by_hand: ReviewsLoop, running: Running) -> None:
    loop = by_hand
    await loop.child(since=days_ago(60))
    await loop.raise_one(clock.today())
    down = await cut_off(loop, running)
    headers = down.as_(Role.TEAM_MANAGER, subject="manager-1")
    for name in (REMINDER, REPORT):
        for way in ("run", "preview"):
            answer = await down.post(f"/v1/messages/schedules/{name}/{way}", json={"period": week()}, headers=headers)
            assert answer.status_code == 503, answer.text
    assert await loop.kept() == NOTHING
    assert (await loop.run(REMINDER, week()))["queued"] == 1
    (mail,) = await loop.mails_to(CHAIR)
    assert "First review: 1 overdue" in words(mail) and "P1: 32 days overdue" in words(mail)
    assert (await loop.run(REPORT, week()))["queued"] == 3


async def test_a_move_heard_before_the_plan_still_brings_the_questions_with_the_new_date(by_hand: ReviewsLoop) -> None:
    loop = by_hand
    await loop.child()
    await loop.move(await loop.office.planned("P1", on=coming(3)), coming(5))
    planned, moved = await loop.said("review.planned", "review.moved")
    assert [await loop.publish(event) for event in (moved, planned)] == [204, 204]
    mails = await loop.mails_to(CHILD, 2)
    assert all(day(coming(5)) in words(mail) and day(coming(3)) not in words(mail) for mail in mails)
    assert len([mail for mail in mails if "WHAT DO YOU THINK?" in words(mail)]) == 1


async def test_a_cancellation_heard_before_the_plan_leaves_nobody_invited(by_hand: ReviewsLoop) -> None:
    loop = by_hand
    await loop.child()
    await loop.cancel(await loop.move(await loop.office.planned("P1", on=coming(3)), coming(5)))
    for event in reversed(await loop.said("review.planned", "review.moved", "review.cancelled")):
        assert await loop.publish(event) == 204
    for address in (ADVOCACY, CHILD):
        (mail,) = await loop.mails_to(address)
        assert "was cancelled" in mail["Subject"]
    assert (await loop.kept())["messages"] == 2


async def test_a_plan_heard_when_the_review_was_held_invites_nobody(by_hand: ReviewsLoop) -> None:
    loop = by_hand
    await loop.child()
    await loop.office.held("P1")
    (event,) = await loop.said("review.planned")
    assert await loop.publish(event) == 204
    assert await loop.kept() == {"messages": 0, "claims": 0, "heard": 1}


async def test_a_review_written_down_afterwards_invites_nobody(by_hand: ReviewsLoop) -> None:
    loop = by_hand
    await loop.child()
    await loop.office.planned("P1", on=days_ago(1))
    (event,) = await loop.said("review.planned")
    assert await loop.publish(event) == 204
    assert await loop.kept() == {"messages": 0, "claims": 0, "heard": 1}
