"""An email about a meeting carries a calendar entry that follows the meeting and names nobody."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar, Component

from chassis.base.clock import LONDON
from tests.support.notifications.other_services import ADVOCACY, Notifications, child, in_days, running_notifications
from tests.support.running import Running

FIRST = str(UUID(int=1))
NEW_DAY = in_days(21)


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def entries(notifications: Notifications) -> list[tuple[str, Component]]:
    """The method and the entry of each message, in the order in which they were queued."""
    found = []
    for row in await notifications.messages():
        calendar = Calendar.from_ical(row["calendar"])
        (event,) = calendar.walk("VEVENT")
        found.append((str(calendar["method"]), event))
    return found


async def invite(notifications: Notifications) -> None:
    data: dict[str, Any] = {"invitation_id": FIRST, "reference": "CONF-1"}
    assert await notifications.publish("conference.invited", source="conferences", **data) == 204


async def test_an_entry_says_the_reference_the_time_and_how_to_join_and_names_nobody(
    notifications: Notifications,
) -> None:
    notifications.others.invited(join_link="https://meet.example.org/room?a=1&b=2")
    await invite(notifications)
    ((method, event),) = await entries(notifications)
    assert (method, event["summary"], event["status"]) == ("REQUEST", "Conference CONF-1", "CONFIRMED")
    starts = event.decoded("dtstart")
    assert f"{starts:%Y-%m-%d %H:%M}" == f"{in_days(14)} 09:30"
    assert starts.utcoffset() == starts.astimezone(LONDON).utcoffset()
    assert event.decoded("dtend") - starts == timedelta(hours=1)
    assert (event["location"], event["description"]) == (
        "Town Hall",
        "Join at: https://meet.example.org/room?a=1&b=2",
    )
    assert event["attendee"] == "mailto:invited-1@example.org"
    (row,) = await notifications.messages()
    for hidden in ("Planted", "Invented", "P1", "report"):
        assert hidden not in row["calendar"]
    assert "Join at: https://meet.example.org/room?a=1&b=2" in row["text"]


async def test_a_move_and_a_cancellation_are_of_the_same_entry(notifications: Notifications) -> None:
    notifications.others.invited()
    await invite(notifications)
    notifications.others.conference(planned_on=NEW_DAY, planned_time=None, sequence=3)
    assert await notifications.tell_of_conference("moved", 2) == 204
    notifications.others.conference(state="cancelled", sequence=4)
    assert await notifications.tell_of_conference("cancelled", 3) == 204
    found = await entries(notifications)
    assert [method for method, _ in found] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["uid"] for _, event in found}) == 1
    assert [event["sequence"] for _, event in found] == [2, 3, 4]
    assert found[1][1].decoded("dtstart") == date.fromisoformat(NEW_DAY), "without a time it is a whole day"
    assert found[2][1]["status"] == "CANCELLED"


async def test_a_withdrawn_invitation_takes_its_entry_back(notifications: Notifications) -> None:
    notifications.others.invited()
    await invite(notifications)
    notifications.others.conference(withdrawn=True, sequence=3)
    assert await notifications.publish("conference.uninvited", source="conferences", invitation_id=FIRST) == 204
    (_, invited), (method, taken_back) = await entries(notifications)
    assert (method, taken_back["uid"], taken_back["sequence"]) == ("CANCEL", invited["uid"], 3)


async def test_an_advocates_entry_follows_the_review(notifications: Notifications) -> None:
    notifications.others.review(child())
    assert await notifications.tell_of_review("planned") == 204
    notifications.others.review(child(), planned_on=NEW_DAY, version=2)
    assert await notifications.tell_of_review("moved", 2) == 204
    rows = [row for row in await notifications.messages() if row["address"] == ADVOCACY]
    events = [Calendar.from_ical(row["calendar"]).walk("VEVENT")[0] for row in rows]
    assert [(event["summary"], event["uid"], event["sequence"]) for event in events] == [
        ("Review REV-1", "REV-1@reviews", 1),
        ("Review REV-1", "REV-1@reviews", 2),
    ]
    assert "Planted" not in "".join(row["calendar"] for row in rows)


async def test_colleagues_who_are_to_find_an_advocate_get_no_entry(running: Running) -> None:
    async with running_notifications(running, advocacy_email="") as notifications:
        notifications.others.review(child())
        assert await notifications.tell_of_review("planned") == 204
        assert {row["calendar"] for row in await notifications.messages()} == {None}


async def test_an_email_says_the_weekday_and_how_to_reach_the_chair(notifications: Notifications) -> None:
    await notifications.person("chair-1", version=1, telephone="01632 960001")
    notifications.others.invited()
    await invite(notifications)
    (row,) = await notifications.messages()
    planned = date.fromisoformat(in_days(14))
    assert f"When: {planned:%A} {planned.day} {planned:%B %Y}, 09:30\nHow: in person, Town Hall\n" in row["text"]
    assert "Chair: Invented chair-1, 01632 960001, chair-1@example.org\n" in row["text"]
