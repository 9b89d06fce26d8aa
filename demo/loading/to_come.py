"""Plans the conferences of the next weeks, invites people to them, and takes in the first reports."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from demo import protection
from demo.front_door import FrontDoor, each
from demo.people import Row
from demo.protection.model import SEED
from demo.published import AS_OF

WEEKS_AHEAD = timedelta(weeks=2)
TIMES = ("09:30", "11:00", "13:30", "15:00")
# How many have sent their report already, and how many have sent apologies.
REPORTED, EXCUSED = 0.35, 0.15


async def plan_ahead(door: FrontDoor) -> int:
    """Plan what falls due soon; what is overdue is left so."""
    span = {"due_from": AS_OF.isoformat(), "due_to": (AS_OF + WEEKS_AHEAD).isoformat()}
    due = await door.all("team_manager", "/v1/conference-deadlines", kind="conference", **span)
    families = defaultdict[tuple[str, str], list[str]](list)
    family_of = {row["person_id"]: row["family_id"] for row in protection.children()}
    for one in due:
        families[family_of[one["person_id"]], one["due_on"]].append(one["person_id"])
    await each(sorted(families.items()), lambda item: _plan(door, sorted(item[1]), date.fromisoformat(item[0][1])))
    return len(families)


async def _plan(door: FrontDoor, person_ids: list[str], due_on: date) -> None:
    random = Random(f"{SEED} planned {person_ids[0]}")
    wanted, guests = protection.to_come(person_ids, due_on)
    body = wanted | {"person_ids": person_ids, "planned_time": random.choice(TIMES), "mode": "video"}
    planned = await door.create("team_manager", "/v1/conferences", body)
    now = await door.ask("team_manager", "GET", f"/v1/conferences/{planned['reference']}")
    invited = now["invitations"]
    if not invited:
        path = f"/v1/conferences/{planned['reference']}/invitations"
        named: list[Row] = [{name: value for name, value in row.items() if value} for row in guests]
        invited = await door.change("team_manager", "POST", path, now["version"], {"invitations": named})
    for one in sorted(invited, key=lambda guest: str(guest["name"])):
        known = _known(random, one)
        if known and not (one["report_received_on"] or one["apologies_on"]):
            await door.change("team_manager", "PATCH", f"/v1/invitations/{one['id']}", one["version"], known)


def _known(random: Random, invited: dict[str, Any]) -> Row:
    """What is known of somebody who is invited, as of today."""
    today = AS_OF.isoformat()
    reported = invited["report_expected"] and random.random() < REPORTED
    excused = invited["report_expected"] and random.random() < EXCUSED
    return ({"report_received_on": today} if reported else {}) | ({"apologies_on": today} if excused else {})
