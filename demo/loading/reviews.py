"""Loads the looked-after children and their reviews, and plans some of the reviews to come."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from chassis.law.working_days import first_working_day
from demo import looked_after
from demo.front_door import FrontDoor, each, when_known
from demo.people import Row

CHILDREN = "/v1/looked-after-children"
PLANNED_DAYS = 35
TIMES = ("09:30", "11:00", "13:30", "15:00")


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load everything about looked-after children, each through the endpoint that people use."""
    children = looked_after.children()
    if not await door.has(CHILDREN):
        await when_known(lambda: door.import_csv(f"{CHILDREN}/import", children))
    say(f"  {len({row['person_id'] for row in children})} children who are or were looked after")
    reviews = looked_after.reviews()
    if not await door.has("/v1/reviews"):
        await door.import_csv("/v1/reviews/import", reviews)
    say(f"  {len({row['meeting'] for row in reviews})} reviews of April 2018 to March 2020")
    visits = looked_after.visits()
    await each(visits, lambda row: _visit(door, row))
    decisions = looked_after.directors_decisions()
    asked = await door.all("team_manager", "/v1/leaving-care-decisions")
    known = {(one["person_id"], one["requested_on"]): one for one in asked}
    await each(decisions, lambda row: _decision(door, row, known.get((row["person_id"], row["decided_on"]))))
    say(f"  {len(visits)} visits and {len(decisions)} decisions of the director")
    feedback = looked_after.feedback()
    by_meeting = {row["meeting"]: row for row in reviews}
    await each(feedback, lambda row: _feedback(door, row, by_meeting[row["meeting"]]))
    planned = await _plan(door)
    say(f"  {len(feedback)} words of feedback, and {planned} reviews planned for the next weeks")


async def _visit(door: FrontDoor, row: Row) -> None:
    body = {"kind": "visit", "happened_on": row["on"], "seen_alone": row["seen_alone"] == "true"}
    await door.create("team_manager", f"{CHILDREN}/{row['person_id']}/contacts", body)


async def _decision(door: FrontDoor, row: Row, known: Any) -> None:
    """Ask for a decision unless it was asked for already, and have it decided unless it was."""
    path = f"{CHILDREN}/{row['person_id']}/leaving-care-decisions"
    asked = known or await door.ask("team_manager", "POST", path, json={"requested_on": row["decided_on"]})
    if asked["decided_on"] is not None:
        return
    body = {
        "approved": row["approved"] == "true",
        "decided_on": row["decided_on"],
        "decided_by": "Director of children's services",
    }
    path = f"/v1/leaving-care-decisions/{asked['id']}/decide"
    await door.change("team_manager", "POST", path, asked["version"], body)


async def _feedback(door: FrontDoor, row: Row, review: Row) -> None:
    query = {"person_id": review["person_id"], "planned_from": review["held_on"], "planned_to": review["held_on"]}
    found = await door.ask("team_manager", "GET", "/v1/reviews", params=query)
    body = {name: row[name] for name in ("from_whom", "rating", "comment") if row[name]}
    reference = found["items"][0]["reference"]
    given_on = first_working_day(date.fromisoformat(review["held_on"]) + timedelta(days=1)).isoformat()
    await door.create("team_manager", "/v1/feedback", body | {"reference": reference, "given_on": given_on})


async def _plan(door: FrontDoor) -> int:
    """Plan the reviews that are due in the next weeks, a few days before they are, except the last of them."""
    due = await door.all("team_manager", "/v1/deadlines", kind="review")
    last = (min(date.fromisoformat(one["due_on"]) for one in due) + timedelta(days=PLANNED_DAYS)).isoformat()
    wanted = [one for one in due if one["due_on"] <= last and one["days_left"] > 0 and one["track"] == "care"]
    for number, one in enumerate(wanted):
        body = {
            "person_ids": [one["person_id"]],
            "planned_on": one["due_on"],
            "planned_time": TIMES[number % len(TIMES)],
            "mode": "video",
        }
        await door.create("team_manager", "/v1/reviews", body)
    return len(wanted)
