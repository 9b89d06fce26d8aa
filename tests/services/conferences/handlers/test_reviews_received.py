"""What conferences keep of what reviews say: who is looked after, and the meetings with which they can be one."""

import asyncio
import json
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conferences.handlers.reviews import VERSIONS, merged
from tests.support.conferences.desk import Desk, coming_working_day, recent_working_day
from tests.support.conferences.receiving import event, receive, received

JSON = dict[str, Any]
REVIEW = "REV-2026-0001"
SINCE = "2026-03-02"


def registered(version: int, since: str = SINCE, person_id: str = "P1") -> JSON:
    """That a child became looked after."""
    said = {"person_id": person_id, "looked_after_since": since, "version": version}
    return event("reviews", "looked_after_child.registered", **said)


def ceased(version: int) -> JSON:
    """That the child is looked after no more."""
    said = {"person_id": "P1", "ceased_on": "2026-04-01", "version": version}
    return event("reviews", "looked_after_child.ceased", **said)


async def since(desk: Desk, person_id: str = "P1") -> str | None:
    """Since when a child is looked after, as conferences show it."""
    found: str | None = (await desk.get(f"/v1/children/{person_id}/protection"))["looked_after_since"]
    return found


async def test_who_is_looked_after_is_known_in_whichever_order_it_is_told(desk: Desk) -> None:
    events = {1: registered(1), 4: ceased(4), 7: registered(7, "2026-05-04")}
    for number, order in enumerate(permutations(events)):
        person_id = f"P{number}"
        await desk.registered(person_id)
        for version in order:
            event = events[version]
            await received(desk, event | {"id": _fresh(), "data": event["data"] | {"person_id": person_id}})
        assert await since(desk, person_id) == "2026-05-04"


def _fresh() -> str:
    return str(event("reviews", "-")["id"])


async def test_a_child_who_is_looked_after_no_more_is_shown_so(desk: Desk) -> None:
    await desk.registered()
    await received(desk, registered(1))
    before = await desk.get("/v1/children/P1/protection")
    assert before["looked_after_since"] == SINCE
    await received(desk, registered(1), ceased(2))
    after = await desk.get("/v1/children/P1/protection")
    assert (after["looked_after_since"], after["version"]) == (None, before["version"] + 1)


async def test_a_child_who_is_registered_later_is_known_to_be_looked_after(desk: Desk) -> None:
    await received(desk, ceased(5), registered(3))
    await received(desk, registered(2, person_id="P2"))
    await desk.registered("P1", "P2")
    assert (await since(desk, "P1"), await since(desk, "P2")) == (None, SINCE)
    await received(desk, registered(4))
    assert await since(desk) is None, "that was before the child ceased"


async def test_a_child_who_is_registered_at_the_same_moment_is_known_too(desk: Desk) -> None:
    children = [f"P{number}" for number in range(12)]
    for child in children:
        await desk.known(child)
    together = [task for child in children for task in (_put(desk, child), _told(desk, child))]
    assert set(await asyncio.gather(*together)) == {201, 204}
    assert [await since(desk, child) for child in children] == [SINCE] * len(children)


async def _put(desk: Desk, person_id: str) -> int:
    return (await desk.put(person_id, {})).status_code


async def _told(desk: Desk, person_id: str) -> int:
    return (await receive(desk, registered(1, person_id=person_id))).status_code


def review(kind: str, version: int, **data: Any) -> JSON:
    """Something that became of the review."""
    said = {"reference": REVIEW, "chair_id": "chair-1", "version": version}
    return event("reviews", f"review.{kind}", **said | data)


def planned(on: date, version: int = 1, **more: Any) -> JSON:
    """That it was planned for the child."""
    return review("planned", version, **{"planned_on": on.isoformat(), "person_ids": ["P1"]} | more)


def moved(on: date, version: int = 2, **more: Any) -> JSON:
    """That it was moved."""
    return review("moved", version, planned_on=on.isoformat(), **more)


async def known(desk: Desk) -> JSON:
    """What is kept of the review."""
    (row,) = await desk.rows("SELECT version, attributes FROM chassis.copy WHERE kind = 'review' AND id = $1", REVIEW)
    attributes: JSON = json.loads(row["attributes"])
    assert max(attributes.pop(VERSIONS).values()) == row["version"]
    return attributes


async def combined(desk: Desk, on: date) -> JSON:
    """A conference that is one meeting with the review."""
    await desk.registered()
    await desk.enquired()
    await received(desk, planned(on))
    return await desk.planned(on=on, review_reference=REVIEW)


async def as_it_is(desk: Desk, conference: JSON) -> JSON:
    """The conference as it stands."""
    found: JSON = await desk.get(f"/v1/conferences/{conference['reference']}")
    return found


DAYS = [coming_working_day(number) for number in range(1, 5)]


async def test_a_review_is_known_as_it_stands_in_whichever_order_it_is_told(desk: Desk) -> None:
    first, second, third, fourth = (day.isoformat() for day in DAYS)
    events = [
        planned(DAYS[0]),
        moved(DAYS[1], 2, chair_id="chair-2"),
        review("adjourned", 3, chair_id="chair-2", sat_on=second, resumes_on=third),
        moved(DAYS[3], 5, chair_id="chair-2"),
        review("handed_over", 6),
    ]
    for order in permutations(events):
        await desk.rows("DELETE FROM chassis.copy WHERE kind = 'review'")
        await desk.rows("DELETE FROM chassis.received")
        assert (await receive(desk, list(order))).status_code == 204
        assert await known(desk) == {
            "chair_id": "chair-1",
            "person_ids": ["P1"],
            "planned_on": fourth,
            "state": "adjourned",
        }
    assert first < second < third < fourth


@pytest.mark.parametrize("end", ["held", "cancelled"])
async def test_a_review_that_is_over_is_over_in_whichever_order_it_is_told(desk: Desk, end: str) -> None:
    more: JSON = {"held_on": DAYS[1].isoformat(), "person_ids": ["P1"]} if end == "held" else {}
    ended = review(end, 3, **{"planned_on": DAYS[1].isoformat()} | more)
    for order in permutations([planned(DAYS[0]), moved(DAYS[1]), ended]):
        await desk.rows("DELETE FROM chassis.copy WHERE kind = 'review'")
        await desk.rows("DELETE FROM chassis.received")
        await received(desk, *order)
        assert ((await known(desk))["state"], (await known(desk))["planned_on"]) == (end, DAYS[1].isoformat())


@given(st.permutations(range(1, 8)), st.lists(st.sets(st.sampled_from("abcd")), min_size=7, max_size=7))
def test_of_each_attribute_the_newest_is_known(order: list[int], names: list[set[str]]) -> None:
    events = {version: dict.fromkeys(said, version) for version, said in enumerate(names, 1)}
    found: JSON = {}
    for version in order:
        found = merged(found, events[version], version)
    found.pop(VERSIONS)
    assert found == {name: max(v for v, said in events.items() if name in said) for name in set().union(*names)}


async def test_a_conference_follows_its_review_to_another_day_and_chair(desk: Desk) -> None:
    conference = await combined(desk, DAYS[0])
    await received(desk, moved(DAYS[1], chair_id="chair-2"))
    found = await as_it_is(desk, conference)
    assert (found["planned_on"], found["chair_id"]) == (DAYS[1].isoformat(), "chair-2")
    assert (found["review_reference"], found["version"]) == (REVIEW, conference["version"] + 1)
    assert [event["planned_on"] for event in await desk.published("conference.moved")] == [DAYS[1].isoformat()]
    # Once more, and late, it changes nothing.
    await received(desk, moved(DAYS[1], chair_id="chair-2"), planned(DAYS[0]), moved(DAYS[3], 1))
    assert await as_it_is(desk, conference) == found


async def test_a_conference_follows_its_review_to_the_chair_to_whom_it_was_handed_over(desk: Desk) -> None:
    conference = await combined(desk, DAYS[0])
    await received(desk, review("handed_over", 2, chair_id="chair-2"))
    found = await as_it_is(desk, conference)
    assert (found["planned_on"], found["chair_id"]) == (DAYS[0].isoformat(), "chair-2")


SATURDAY = date(2031, 3, 1)


@pytest.mark.parametrize("change", [moved(SATURDAY), moved(DAYS[0], chair_id="manager-1")], ids=["day", "chair"])
async def test_a_conference_stands_alone_where_it_cannot_follow(desk: Desk, change: JSON) -> None:
    """An initial conference is on a working day, and its chair has nothing to do with the case."""
    conference = await combined(desk, DAYS[0])
    await received(desk, change)
    found = await as_it_is(desk, conference)
    stands = (found["planned_on"], found["chair_id"], found["review_reference"])
    assert stands == (conference["planned_on"], "chair-1", None)


@pytest.mark.parametrize("end", ["cancelled", "adjourned"])
async def test_a_conference_whose_review_does_not_take_place_stands_alone(desk: Desk, end: str) -> None:
    conference = await combined(desk, recent_working_day())
    day = recent_working_day().isoformat()
    await received(desk, review(end, 2, planned_on=day, sat_on=day, resumes_on=DAYS[2].isoformat()))
    found = await as_it_is(desk, conference)
    assert (found["state"], found["planned_on"], found["review_reference"]) == ("planned", day, None)


async def test_no_conference_is_combined_with_a_review_that_is_over(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    day = recent_working_day()
    body = {"person_ids": ["P1"], "planned_on": day.isoformat(), "review_reference": REVIEW}

    async def status() -> int:
        return (await desk.ask("POST", "/v1/conferences", body)).status_code

    assert await status() == 422, "nobody has heard of it"
    await received(desk, planned(day), review("held", 2, held_on=day.isoformat(), person_ids=["P1"]))
    assert await status() == 422
    await received(desk, review("reopened", 3, state="planned", planned_on=day.isoformat(), person_ids=["P1"]))
    assert await status() == 201, "it was not held after all"
