"""A chair's one calendar shows conferences beside reviews, as the conferences service told of them."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from chassis.base import clock
from tests.support.reviews.calendars import events, feed
from tests.support.reviews.office import JSON, Office
from tests.support.reviews.receiving import receive


def ahead(days: int) -> str:
    """A day after today."""
    return (clock.today() + timedelta(days=days)).isoformat()


def event(kind: str, version: int, **data: Any) -> JSON:
    """An event of the conferences service."""
    content = {"reference": "CONF-2030-0007", "chair_id": "chair-1", "version": version} | data
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "conferences",
        "type": f"conference.{kind}",
        "subject": content["reference"],
        "data": content,
    }


def planned(**more: Any) -> JSON:
    """It was planned for three children in five days."""
    said = {"planned_on": ahead(5), "planned_time": "10:00:00", "mode": "hybrid", "person_ids": ["P1", "P2", "P3"]}
    return event("planned", 1, **said | {"review_reference": None} | more)


def moved(version: int, day: str, **more: Any) -> JSON:
    """It was moved."""
    said = {"planned_on": day, "planned_time": None, "mode": "video", "review_reference": None}
    return event("moved", version, **said | more)


async def received(office: Office, *published: JSON) -> None:
    """The service hears events, one after the other."""
    for event in published:
        answer = await receive(office, event, secret_of="conferences")
        assert answer.status_code == 204, answer.text


async def test_a_conference_is_in_its_chairs_calendar_and_in_no_others(office: Office) -> None:
    mine, _ = await feed(office)
    others, _ = await feed(office, "chair-2")
    await received(office, planned())
    found = await events(office, mine)
    entry = found["CONF-2030-0007"]
    assert str(entry["SUMMARY"]) == "CONF-2030-0007: conference of 3 children"
    assert entry["DTSTART"].dt.isoformat().startswith(f"{ahead(5)}T10:00")
    assert str(entry["LOCATION"]) == "hybrid"
    assert str(entry["UID"]) == "CONF-2030-0007@conferences"
    assert await events(office, others) == {}


ORDERS = list(permutations(range(3)))


@pytest.mark.parametrize("order", ORDERS, ids=[str(order) for order in ORDERS])
async def test_the_newest_news_counts_in_whichever_order_it_comes(office: Office, order: tuple[int, ...]) -> None:
    news = [planned(), moved(2, ahead(8)), moved(3, ahead(9), chair_id="chair-2")]
    await received(office, *(news[number] for number in order))
    first, _ = await feed(office)
    second, _ = await feed(office, "chair-2")
    assert await events(office, first) == {}
    entry = (await events(office, second))["CONF-2030-0007"]
    assert entry["DTSTART"].dt == date.fromisoformat(ahead(9))
    assert str(entry["SUMMARY"]).endswith("conference of 3 children")


async def test_one_that_was_cancelled_is_gone_even_if_that_was_told_first(office: Office) -> None:
    path, _ = await feed(office)
    await received(office, event("cancelled", 2, planned_on=ahead(5)), planned())
    assert await events(office, path) == {}


async def test_one_that_was_held_stays_on_the_day_on_which_it_was_held(office: Office) -> None:
    path, _ = await feed(office)
    today = clock.today()
    await received(office, planned(), event("held", 2, held_on=today.isoformat(), person_ids=["P1"]))
    entry = (await events(office, path))["CONF-2030-0007"]
    assert str(entry["DESCRIPTION"]) == "Held."
    assert str(entry["SUMMARY"]).endswith("conference of one child")


async def test_one_meeting_stands_in_the_calendar_once(office: Office) -> None:
    path, _ = await feed(office)
    await office.registered()
    day = clock.today() + timedelta(days=5)
    review = await office.planned(on=day)
    await received(office, planned(review_reference=review["reference"]))
    found = await events(office, path)
    assert [*found] == [review["reference"]]
    assert "One meeting with CONF-2030-0007." in str(found[review["reference"]]["DESCRIPTION"])
    await received(office, moved(2, ahead(6)))
    assert {*await events(office, path)} == {review["reference"], "CONF-2030-0007"}
