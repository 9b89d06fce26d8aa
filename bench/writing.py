"""What people write, through the gateway: meetings are planned, held and closed, and what follows is done as well."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.load import SECONDS, Ask, Door, Took, load
from bench.system import System
from bench.table import Line
from demo.front_door import FrontDoor
from deploy.local.topology import BEGINNING

TODAY = BEGINNING.date().isoformat()
# So many writes a second are prepared at 1 connection, and at 16.
ONE, MANY = 10, 40
CHILD = {
    "given_name": "Merrin",
    "family_name": "Invented",
    "born_on": "2010-01-01",
    "area_id": "north",
    "team": "Children's Team 1 North",
    "manager_id": "swm-1",
}
CARE = {
    "chair_id": "chair-01",
    "chair_from": "2020-03-24",
    "reviews_before": "0",
    "period_starts_on": "2020-03-24",
    "episode_starts_on": "2020-03-24",
    "legal_status": "C1",
    "placement": "U6",
}
OF_REVIEW = {"participation": "PN1", "attended": True, "seen_alone": True}
OF_CONFERENCE = {"participation": "PN1", "attended": True, "outcome": "plan_made", "category": "NEG"}
CHALLENGE = {"theme": "drift_and_delay", "about": "Asked for the date.", "area_id": "north"}


async def writing(system: System) -> list[Line]:
    """Reviews and conferences from their plan on, challenges, and an email that follows from an event."""
    count = round(SECONDS * (ONE + MANY))
    people, families = ([f"{kind}{number:05}" for number in range(count)] for kind in ("BR", "BC"))
    reached = [f"BE{number:05}" for number in range(round(SECONDS * ONE))]
    await _import(system, people, families, reached)
    await system.quiet()
    door = await system.gateway("team_manager")
    planned, plan_review = await write(system, "plan a review", door, [_plan("reviews", person) for person in people])
    _, hold_review = await write(
        system, "hold a review", door, [_hold("reviews", meeting, OF_REVIEW) for meeting in planned]
    )
    planned, plan = await write(
        system, "plan a conference", door, [_plan("conferences", person) for person in families]
    )
    held, hold = await write(
        system, "hold a conference", door, [_hold("conferences", meeting, OF_CONFERENCE) for meeting in planned]
    )
    _, close = await write(system, "close a conference", door, [_close(meeting) for meeting in held])
    challenges = [Ask("POST", "/v1/challenges", CHALLENGE | {"person_ids": [person]}) for person in people]
    _, challenge = await write(system, "raise a challenge", door, challenges)
    lines = [plan_review, hold_review, plan, hold, close, challenge]
    lines.append(Line("one planned review, all processes", budget="≤ 20 ms CPU", found=plan_review.cpu))
    return [*lines, await _emails(system, door, reached)]


async def write(system: System, what: str, door: Door, asks: Sequence[Ask]) -> tuple[list[Any], Line]:
    """What was answered, and the line."""
    first = len(asks) * ONE // (ONE + MANY)
    line = await system.measured(what, door, iter(asks[:first]), iter(asks[first:]), "p95 ≤ 150 ms")
    return [answer for took in (line.at_1, line.at_16) if took for answer in took.answers], line


async def _emails(system: System, door: Door, people: Sequence[str]) -> Line:
    """How long after a review was planned the email is there that invites the child to say how it shall be."""
    milliseconds, mails = [], system.folder / "mailbox"
    for person in people:
        there = _count(mails)
        await load(door, iter([_plan("reviews", person)]), 1)
        began = time.perf_counter()
        while _count(mails) == there:
            await asyncio.sleep(0.002)
        milliseconds.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.2)
    took = Took(sorted(milliseconds), 0, [])
    return Line("an event to its email", took, budget="p95 ≤ 1000 ms", found=took.p(95))


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.eml"))


async def _import(system: System, people: list[str], families: list[str], reached: list[str]) -> None:
    emails = {person: f"{person.lower()}@children.example" for person in reached}
    in_care = people + reached
    children = [
        {"person_id": person, "family_id": person, "email": emails.get(person, "")} | CHILD
        for person in in_care + families
    ]
    enquiries = [{"request_id": f"E-{person}", "person_id": person, "started_on": "2020-04-01"} for person in families]
    async with FrontDoor(system.ports.address("gateway")) as door:
        await door.import_csv("/v1/children/import", children)
        await door.import_csv("/v1/care/import", [{"person_id": person} | CARE for person in in_care])
        await door.import_csv("/v1/conferences/section-47-enquiries/import", enquiries)


def _plan(meetings: str, person: str) -> Ask:
    return Ask("POST", f"/v1/{meetings}", {"person_ids": [person], "planned_on": TODAY, "chair_id": "chair-01"})


def _hold(meetings: str, planned: Any, child: dict[str, Any]) -> Ask:
    children = [{"person_id": person} | child for person in planned["person_ids"]]
    body = {"held_on": TODAY, "children": children}
    if meetings == "conferences":
        body["inquorate_because"] = "Nobody else was free."
    return Ask("POST", f"/v1/{meetings}/{planned['reference']}/hold", body, planned["version"])


def _close(held: Any) -> Ask:
    return Ask("POST", f"/v1/conferences/{held['reference']}/close", version=held["version"])
