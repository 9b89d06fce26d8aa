"""People concerned by a review are told once, whatever the reviews service answers, however often it publishes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import Response
from fastapi.responses import StreamingResponse

from chassis.access.callers import Role
from chassis.base.fields import day_in_words as day
from services.notifications.handlers import sending as handlers
from services.notifications.messages.queueing import queue
from tests.support.logs import forget_loggers
from tests.support.notifications.other_services import (
    ADVOCACY,
    CHILD,
    Notifications,
    child,
    in_days,
    running_notifications,
)
from tests.support.running import Running

NOTHING = [0, 0, 0]
DECISIONS: dict[str, Any] = {
    "child_review_id": UUID(int=1),
    "reference": "REV-1",
    "person_id": "P1",
    "chair_id": "chair-1",
    "manager_id": "swm-1",
    "count": 2,
    "respond_by": in_days(7),
}


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def broken_off() -> AsyncIterator[bytes]:
    """The beginning of an answer whose end never comes."""
    yield b'{"reference": "REV-1", '
    raise ConnectionError


def other_shape() -> Response:
    return Response('{"reference": "REV-1", "children": [{"given_name": "Planted"}]}', media_type="application/json")


@pytest.mark.parametrize(
    "failing",
    [
        lambda: Response(status_code=500),
        lambda: Response(status_code=503),
        lambda: Response(status_code=403),
        lambda: Response(status_code=404),
        lambda: Response("{", media_type="application/json"),
        lambda: Response("<p>Be back soon.</p>", media_type="text/html"),
        lambda: StreamingResponse(broken_off(), media_type="application/json"),
        other_shape,
    ],
    ids=["500", "503", "403", "404", "no JSON", "a page", "broken off", "another shape"],
)
async def test_whatever_is_wrong_with_the_answer_nothing_is_done_and_the_event_is_taken_later(
    notifications: Notifications, failing: Any
) -> None:
    notifications.others.review(child())
    notifications.others.failing = failing
    event = uuid4()
    assert await notifications.tell_of_review("planned", event_id=event) >= 500
    assert await notifications.kept() == NOTHING
    notifications.others.failing = None
    assert await notifications.tell_of_review("planned", event_id=event) == 204
    assert await notifications.recipients() == ["P1", "advocacy-service"]


async def test_no_word_of_an_answer_that_cannot_be_read_reaches_the_log(
    running: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    forget_loggers()
    async with running_notifications(running) as notifications:
        notifications.others.failing = other_shape
        assert await notifications.tell_of_review("planned") >= 500
    written = "".join(capfd.readouterr())
    forget_loggers()
    assert "ServiceOutOfReach" in written
    assert "Planted" not in written


async def test_what_breaks_in_the_middle_leaves_nobody_half_told(
    notifications: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    notifications.others.review(child(), child("P2", email=None))
    queued: list[str] = []

    async def breaks(*given: Any, **more: Any) -> Any:
        queued.append(given[2].recipient.id)
        if len(queued) == 3:
            raise ConnectionError
        return await queue(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(handlers, "queue", breaks)
        assert await notifications.tell_of_review("planned") >= 500
    assert queued == ["advocacy-service", "P1", "P2"]
    assert await notifications.kept() == NOTHING
    assert await notifications.tell_of_review("planned") == 204
    assert await notifications.recipients() == ["P1", "P2", "advocacy-service"]


@pytest.mark.parametrize(
    ("kind", "data", "recipients"),
    [
        ("review.planned", {"version": 1}, ["P1", "P2", "advocacy-service"]),
        ("review.moved", {"version": 2}, ["P1", "P2", "advocacy-service"]),
        ("review.decisions_recorded", DECISIONS, ["swm-1"]),
        ("review.decisions_recorded", DECISIONS | {"manager_id": None}, ["manager-1", "manager-2"]),
    ],
)
async def test_told_many_times_at_once_each_recipient_has_one_message(
    notifications: Notifications, kind: str, data: dict[str, Any], recipients: list[str]
) -> None:
    """As one event that is delivered again, and as several that say the same."""
    notifications.others.review(child(), child("P2", email=None))
    given = {"reference": "REV-1", "chair_id": "chair-1"} | data
    same = uuid4()
    statuses = await asyncio.gather(
        *(notifications.publish(kind, event_id=same if odd % 2 else None, **given) for odd in range(8))
    )
    assert set(statuses) == {204}
    assert await notifications.recipients() == recipients
    assert (await notifications.kept())[1] == len(recipients)


async def test_a_letter_waits_without_an_address_and_says_whom_it_is_for(notifications: Notifications) -> None:
    notifications.others.review(child(), child("P2", email=None))
    assert await notifications.tell_of_review("planned") == 204
    invited, mail, letter = await notifications.messages()
    assert (invited["address"], mail["address"], letter["address"]) == (ADVOCACY, CHILD, "")
    assert (mail["state"], letter["state"]) == ("queued", "to_print")
    assert letter["due_at"] is None
    assert "YOUR REVIEW IS COMING UP" in letter["text"]
    for row in (invited, mail, letter):
        assert not {"P1", "P2"} & {*row["text"].split()}
        assert "P2" not in row["subject"]
    assert "Invented chair-1 is your Independent Reviewing Officer." in mail["text"]
    assert "chair-1@example.org" in mail["text"]


async def test_a_child_to_whose_address_nothing_is_sent_gets_a_letter(notifications: Notifications) -> None:
    wanted = {"address": CHILD.upper(), "reason": "It bounced."}
    assert (await notifications.ask("POST", "/v1/messages/suppressions", wanted)).status_code == 201
    notifications.others.review(child(advocate=False))
    assert await notifications.tell_of_review("planned") == 204
    (letter,) = await notifications.messages()
    assert (letter["state"], letter["address"]) == ("to_print", "")
    assert "Your review is coming up" in letter["html"]


async def test_an_advocate_who_is_known_is_invited_in_person(notifications: Notifications) -> None:
    notifications.others.review(child(email=None), advocate_email="advocate-7@example.org")
    assert await notifications.tell_of_review("planned") == 204
    invited, _ = await notifications.messages()
    assert invited["address"] == "advocate-7@example.org"
    assert ADVOCACY not in invited["text"]


async def test_a_chair_who_left_is_named_without_an_address(notifications: Notifications) -> None:
    await notifications.leave("chair-1")
    notifications.others.review(child())
    assert await notifications.tell_of_review("planned") == 204
    for row in await notifications.messages():
        assert "Invented chair-1" in row["text"]
        assert "chair-1@example.org" not in row["text"]


async def test_a_new_date_and_another_one_are_each_told_once_and_with_the_date_that_holds(
    notifications: Notifications,
) -> None:
    notifications.others.review(child(advocate=False))
    for version, days in ((1, 7), (2, 9), (3, 11)):
        notifications.others.letters["REV-1"]["planned_on"] = in_days(days)
        news = "planned" if version == 1 else "moved"
        for _ in range(2):
            assert await notifications.tell_of_review(news, version) == 204
    subjects = [row["subject"] for row in await notifications.messages()]
    first, second, third = (day(date.fromisoformat(in_days(days))) for days in (7, 9, 11))
    assert subjects == [
        f"Your review is on {first}",
        f"Your review has changed: it is on {second}",
        f"Your review has changed: it is on {third}",
    ]


async def test_only_those_who_were_invited_hear_that_a_review_of_the_past_was_cancelled(
    notifications: Notifications,
) -> None:
    notifications.others.review(child(), planned_on=in_days(0))
    assert await notifications.tell_of_review("planned") == 204
    # A reference that begins in the same way is another review.
    notifications.others.review(child("P3", advocate=False), reference="REV-10", planned_on=in_days(0))
    assert await notifications.tell_of_review("planned", reference="REV-10") == 204
    children = [child(), child("P2"), child("P3")]
    notifications.others.review(*children, planned_on=in_days(-1), state="cancelled")
    assert await notifications.tell_of_review("cancelled", 2) == 204
    told_of_it = [row for row in await notifications.messages() if "cancelled" in row["subject"]]
    assert [row["recipient_id"] for row in told_of_it] == ["advocacy-service", "P1"]


async def test_of_a_review_of_the_past_that_nobody_heard_of_nobody_hears(notifications: Notifications) -> None:
    notifications.others.review(child(), planned_on=in_days(-30))
    assert await notifications.tell_of_review("planned") == 204
    notifications.others.letters["REV-1"]["state"] = "cancelled"
    assert await notifications.tell_of_review("cancelled", 2) == 204
    assert await notifications.kept() == [0, 0, 2]


@pytest.mark.parametrize("who", ["swm-1", "swm-9"])
async def test_decisions_go_to_every_team_manager_when_theirs_left_or_is_not_known(
    notifications: Notifications, who: str
) -> None:
    if who == "swm-1":
        await notifications.leave(who)
    assert await notifications.publish("review.decisions_recorded", **DECISIONS | {"manager_id": who}) == 204
    assert await notifications.recipients() == ["manager-1", "manager-2"]
    for row in await notifications.messages():
        assert "whose manager is not in the directory" in row["text"]
        assert "P1" not in row["text"].split()
        assert f"object by {day(date.fromisoformat(in_days(7)))}" in row["text"]
        assert "/reviews/REV-1" in row["html"]


async def test_a_letter_is_printed_once_by_whoever_does_it(notifications: Notifications) -> None:
    notifications.others.review(child(email=None, advocate=False))
    assert await notifications.tell_of_review("planned") == 204
    listed = await notifications.ask("GET", "/v1/messages?state=to_print", role=Role.BUSINESS_SUPPORT)
    (letter,) = listed.json()["items"]
    path = f"/v1/messages/{letter['id']}/printed"
    answers = await asyncio.gather(*(notifications.ask("POST", path, role=Role.BUSINESS_SUPPORT) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    (row,) = await notifications.messages()
    assert (row["state"], row["printed_by"]) == ("printed", "manager-1")
    assert (await notifications.ask("POST", f"/v1/messages/{uuid4()}/printed")).status_code == 404
