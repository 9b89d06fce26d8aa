"""Writes down what happened between conferences: core groups, checks, 12-month discussions, feedback."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from chassis.law.working_days import add_working_days, first_working_day, subtract_working_days
from demo import protection
from demo.front_door import FrontDoor, each
from demo.people import Row
from demo.protection.model import SEED
from demo.published import AS_OF

DEADLINES = "/v1/conference-deadlines"
# How much of what had to be done by now was done.
DONE = 0.9
NEXT_GROUP = (10, 25)
CONCERNED = 0.06
PROGRESS = ("Most steps of the plan are done.", "The plan goes on as agreed.", "Some steps are still to begin.")
TOPICS = {
    "progress": "Two of the three safety goals are reached.",
    "impact": "The children say that it is calmer at home.",
    "barriers": "Housing has not been settled.",
    "visits_and_core_groups": "All were in time.",
    "alternatives": "A child in need plan is an option at the next conference.",
    "next_steps": "The family meeting writes the last part of the safety plan.",
}


async def record_between(door: FrontDoor) -> int:
    """Write everything down; how many things it was."""
    overdue = {"due_to": AS_OF.isoformat()}
    groups = defaultdict[str, list[Any]](list)
    for one in await door.all("team_manager", DEADLINES, kind="core_group", **overdue):
        groups[one["conference_reference"]].append(one)
    done = [groups[reference] for reference in sorted(groups) if _is_done(reference)]
    await each(done, lambda owed: _core_group(door, owed))
    checks = await door.all("team_manager", DEADLINES, kind="midway_check", **overdue)
    checked = [one for one in sorted(checks, key=lambda one: str(one["person_id"])) if _is_done(one["person_id"])]
    await each(checked, lambda one: _check(door, one))
    known = await door.all("team_manager", "/v1/twelve-month-discussions")
    there = {(one["person_id"], one["held_on"]) for one in known}
    discussed, feedback = protection.discussions(), protection.feedback()
    discussed = [row for row in discussed if (row["person_id"], row["held_on"]) not in there]
    await each(discussed, lambda row: _discussion(door, row))
    await each(feedback, lambda row: _feedback(door, row))
    return len(done) + len(checked) + len(discussed) + len(feedback)


def _is_done(key: str) -> bool:
    """Whether something that had to be done by now was done: the same for each, however often it is asked."""
    return Random(f"{SEED} done {key}").random() < DONE


async def _core_group(door: FrontDoor, owed: Sequence[Any]) -> None:
    random = Random(f"{SEED} core group {owed[0]['conference_reference']}")
    held_on = subtract_working_days(date.fromisoformat(owed[0]["due_on"]), random.randint(0, 4))
    body = {
        "person_ids": sorted(one["person_id"] for one in owed),
        "held_on": held_on.isoformat(),
        "attended": [
            {"name": "The children’s mother", "role": "family", "attended": True},
            {"name": "The social worker", "role": "social-worker", "attended": True},
            {"name": "The school’s safeguarding lead", "role": "safeguarding-lead", "attended": random.random() < DONE},
        ],
        "next_on": add_working_days(AS_OF, random.randint(*NEXT_GROUP)).isoformat(),
    }
    await door.create("team_manager", "/v1/core-groups", body)


async def _check(door: FrontDoor, owed: Any) -> None:
    random = Random(f"{SEED} check {owed['person_id']}")
    body = {
        "kind": "midway",
        "done_on": subtract_working_days(date.fromisoformat(owed["due_on"]), random.randint(0, 3)).isoformat(),
        "visits_in_time": random.random() < DONE,
        "core_groups_held": random.random() < DONE,
        "progress": random.choice(PROGRESS),
    }
    if random.random() < CONCERNED:
        body |= {"concern": "The last visits were late.", "concern_to": "team_manager"}
    await door.ask("team_manager", "POST", f"/v1/children/{owed['person_id']}/plan-checks", json=body)


async def _discussion(door: FrontDoor, row: Row) -> None:
    body = {
        "held_on": row["held_on"],
        "led_by": row["led_by"],
        "attended": ["The allocated chair", "The social worker", "The practice supervisor", "The team manager"],
        "agenda": [{"topic": topic, "note": note} for topic, note in TOPICS.items()],
        "conclusion": "The plan goes on until the next conference.",
    }
    await door.ask("team_manager", "POST", f"/v1/children/{row['person_id']}/twelve-month-discussions", json=body)


async def _feedback(door: FrontDoor, row: Row) -> None:
    query = {"person_id": row["person_id"], "planned_from": row["held_on"], "planned_to": row["held_on"]}
    found = await door.ask("team_manager", "GET", "/v1/conferences", params=query)
    given_on = first_working_day(date.fromisoformat(row["held_on"]) + timedelta(days=1))
    body = {name: row[name] for name in ("from_whom", "rating", "comment") if row[name]}
    path = f"/v1/conferences/{found['items'][0]['reference']}/feedback"
    await door.create("team_manager", path, body | {"given_on": min(given_on, AS_OF).isoformat()})
