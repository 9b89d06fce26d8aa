"""Loads escalations about looked-after children, waits for those of conferences, takes in what became of these."""

from collections.abc import Callable
from typing import Any

from demo import escalations, protection
from demo.front_door import FrontDoor, Refused, each, pause, when_known
from demo.people import Row

RAISED_WITHIN_TRIES = 400


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load everything about escalations; the conferences and the reviews are there."""
    rows = escalations.care_planning()
    if not await door.has("/v1/escalations", kind="care_planning"):
        await each(rows, lambda row: _name_review(door, row))
        await when_known(lambda: door.import_csv("/v1/escalations/import", rows))
    say(f"  {len(rows)} escalations about looked-after children")
    raised = await _raised(door)
    outcomes = escalations.outcomes(raised)
    if all(one["state"] == "open" for one in raised):
        await door.import_csv("/v1/answers/import", outcomes)
    say(f"  {len(raised)} escalations raised by conferences, and what became of {len(outcomes)} of them")
    challenges = escalations.challenges()
    for row in challenges:
        body = {name: value for name, value in row.items() if name != "person_id"}
        await door.create("team_manager", "/v1/challenges", body | {"person_ids": [row["person_id"]]})
    say(f"  {len(challenges)} positive challenges")


async def _name_review(door: FrontDoor, row: Row) -> None:
    """Name the review after which something was escalated by the reference that it has here."""
    query = {"person_id": row["person_ids"], "planned_from": row["meeting_on"], "planned_to": row["meeting_on"]}
    found = await door.ask("team_manager", "GET", "/v1/reviews", params=query)
    row["meeting_reference"] = found["items"][0]["reference"]


async def _raised(door: FrontDoor) -> list[Any]:
    """Every escalation that conferences raise, once all of them are there."""
    wanted = sum(row.get("proposal") == "confirmed" for row in protection.invitations())
    found: list[Any] = []
    for _ in range(RAISED_WITHIN_TRIES):
        if not await door.all("team_manager", "/v1/proposals", state="confirmed"):
            found = await door.all("team_manager", "/v1/escalations", kind="conference_contribution")
            if len(found) >= wanted:
                return found
        await pause()
    raise Refused(f"Of {wanted} escalations that conferences confirmed, {len(found)} were raised.")
