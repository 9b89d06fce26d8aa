"""Papers and concerns are announced once to the right people, without any of their contents."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.base.fields import day_in_words as day
from tests.support.notifications.other_services import Notifications, in_days, running_notifications
from tests.support.running import Running

OUTLINE_PLAN, RECORD = "conference.outline_plan_sent", "conference.record_distributed"
FIRST, SECOND = (str(UUID(int=number)) for number in (1, 2))
CONCERN: dict[str, Any] = {
    "check_id": UUID(int=9),
    "kind": "midway",
    "reference": "CONF-1",
    "person_id": "P1",
    "chair_id": "chair-1",
    "concern_to": "social_worker",
    "concern_to_id": "worker-1",
}


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


def sent(kind: str, days_ago: int = 0) -> dict[str, Any]:
    """What is told of papers that went out so many days ago."""
    when = "sent_on" if kind == OUTLINE_PLAN else "distributed_on"
    return {"reference": "CONF-1", "chair_id": "chair-1", when: in_days(-days_ago)}


@pytest.mark.parametrize(
    ("kind", "data", "recipients"),
    [
        (OUTLINE_PLAN, sent(OUTLINE_PLAN), [FIRST, SECOND]),
        (RECORD, sent(RECORD), [FIRST, SECOND]),
        ("plan_check.concern_raised", CONCERN, ["worker-1"]),
        ("plan_check.concern_raised", CONCERN | {"concern_to_id": None}, ["manager-1", "manager-2"]),
    ],
)
async def test_told_many_times_at_once_each_recipient_has_one_message(
    notifications: Notifications, kind: str, data: dict[str, Any], recipients: list[str]
) -> None:
    """As one event that is delivered again, and as several that say the same."""
    notifications.others.invited(1)
    notifications.others.invited(2, state="held", planned_on=in_days(-1))
    same = uuid4()
    statuses = await asyncio.gather(
        *(
            notifications.publish(kind, source="conferences", event_id=same if odd % 2 else None, **data)
            for odd in range(8)
        )
    )
    assert set(statuses) == {204}
    assert await notifications.recipients() == recipients
    assert (await notifications.kept())[1] == len(recipients)


@pytest.mark.parametrize(("kind", "paper"), [(OUTLINE_PLAN, "outline plan"), (RECORD, "record")])
async def test_papers_are_told_of_to_invited_professionals_with_an_address_and_not_sent(
    notifications: Notifications, kind: str, paper: str
) -> None:
    notifications.others.invited(1)
    notifications.others.invited(2, withdrawn=True)
    notifications.others.invited(3, email=None)
    notifications.others.invited(4, invited_as="observer")
    notifications.others.invited(5, invited_as="advocate")
    notifications.others.invited(6, reference="CONF-2")
    assert await notifications.publish(kind, source="conferences", **sent(kind)) == 204
    (row,) = await notifications.messages()
    assert (row["recipient_id"], row["subject"]) == (FIRST, f"The {paper} is out: conference CONF-1")
    assert day(date.fromisoformat(in_days(0))) in row["text"]
    assert "please ask Invented chair-1, chair-1@example.org" in row["text"]
    assert notifications.others.links == []


@pytest.mark.parametrize("kind", [OUTLINE_PLAN, RECORD])
async def test_papers_that_went_out_long_ago_are_no_news(notifications: Notifications, kind: str) -> None:
    notifications.others.invited(1)
    assert await notifications.publish(kind, source="conferences", **sent(kind, days_ago=29)) == 204
    assert await notifications.recipients() == []
    assert await notifications.publish(kind, source="conferences", **sent(kind, days_ago=28)) == 204
    assert await notifications.recipients() == [FIRST]


async def test_both_papers_of_a_conference_are_told_of(notifications: Notifications) -> None:
    notifications.others.invited(1)
    for kind in (OUTLINE_PLAN, RECORD):
        assert await notifications.publish(kind, source="conferences", **sent(kind)) == 204
    assert await notifications.recipients() == [FIRST, FIRST]


async def test_a_concern_says_which_conference_and_which_check_and_leads_to_it(notifications: Notifications) -> None:
    assert await notifications.publish("plan_check.concern_raised", source="conferences", **CONCERN) == 204
    (row,) = await notifications.messages()
    assert row["subject"] == "A concern about a plan: CONF-1, midway check"
    assert "Invented chair-1 looked at a child protection plan of conference CONF-1" in row["text"]
    assert "/conferences/CONF-1" in row["html"]
    assert "P1" not in row["text"].split()


@pytest.mark.parametrize("who", ["worker-1", "worker-9"])
async def test_a_concern_goes_to_every_team_manager_when_whoever_it_is_for_left_or_is_not_known(
    notifications: Notifications, who: str
) -> None:
    if who == "worker-1":
        await notifications.leave(who)
    data = CONCERN | {"concern_to_id": who, "concern_to": "practice_supervisor", "chair_id": None}
    assert await notifications.publish("plan_check.concern_raised", source="conferences", **data) == 204
    assert await notifications.recipients() == ["manager-1", "manager-2"]
    for row in await notifications.messages():
        assert "It is for the practice supervisor, who is not in the directory." in row["text"]
        assert "\nThe chair looked at" in row["text"]
