"""Loads escalations about looked-after children, waits for those of conferences, takes in what became of these."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from demo import protection
from demo.front_door import FrontDoor, Refused, each, pause, when_known
from demo.tables import Row, body_of, read

RAISED_WITHIN_TRIES = 400
# The day on which officers were first asked by one email with one link.
FIRST_ASKED = "2020-04-01"


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load everything about escalations; the conferences and the reviews are there."""
    rows = read("escalations/care_planning")
    if not await door.has("/v1/escalations", kind="care_planning"):
        await each(rows, lambda row: _name_review(door, row))
        await when_known(lambda: door.import_csv("/v1/escalations/import", rows))
    say(f"  {len(rows)} escalations about looked-after children")
    raised = await _raised(door)
    answers = [row for row in outcomes(raised) if row["answered_on"] < FIRST_ASKED]
    await _take_in(door, answers, raised)
    say(f"  {len(raised)} escalations raised by conferences, and what became of {len(answers)} of them")
    challenges, praise = read("escalations/challenges"), read("escalations/good_practice")
    # One after the other, so that each has the same reference every time.
    for row in challenges:
        await _challenge(door, row)
    for row in praise:
        await door.create("team_manager", "/v1/good-practice", _about_one(row))
    say(f"  {len(challenges)} positive challenges and {len(praise)} notes of good practice")


async def load_answers(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load what officers answered to their first emails; these have been sent."""
    raised = await _raised(door)
    answers = [row for row in outcomes(raised) if row["answered_on"] >= FIRST_ASKED]
    await _take_in(door, answers, raised)
    say(f"  {len(answers)} answers in the days after the first emails")


async def _take_in(door: FrontDoor, answers: Sequence[Row], raised: Sequence[Mapping[str, Any]]) -> None:
    still_open = {one["reference"] for one in raised if one["state"] == "open"}
    if all(row["reference"] in still_open for row in answers):
        await door.import_csv("/v1/answers/import", answers)


async def _name_review(door: FrontDoor, row: Row) -> None:
    """Name the review after which something was escalated by the reference that it has here."""
    row["meeting_reference"] = await door.reference_of("/v1/reviews", row["person_ids"], row["meeting_on"])


async def _raised(door: FrontDoor) -> list[Any]:
    """Every escalation that conferences raise, once all of them are there."""
    wanted = sum(row["proposal"] == "confirmed" for row in protection.invitations())
    found: list[Any] = []
    for _ in range(RAISED_WITHIN_TRIES):
        if not await door.all("team_manager", "/v1/conferences/proposals", state="confirmed"):
            found = await door.all("team_manager", "/v1/escalations", kind="conference_contribution")
            if len(found) >= wanted:
                return found
        await pause()
    raise Refused(f"Of {wanted} escalations that conferences confirmed, {len(found)} were raised.")


async def _challenge(door: FrontDoor, row: Row) -> None:
    """Raise a positive challenge, and close it with its outcome if it has one and is open."""
    raised = await door.create("team_manager", "/v1/challenges", _about_one(row, "outcome", "closed_on"))
    path = f"/v1/challenges/{raised['reference']}"
    challenge = await door.ask("team_manager", "GET", path)
    if row["outcome"] and challenge["state"] == "open":
        outcome = {"outcome": row["outcome"], "closed_on": row["closed_on"]}
        await door.change("team_manager", "POST", f"{path}/resolve", challenge["version"], outcome)


def _about_one(row: Row, *without: str) -> dict[str, Any]:
    return body_of(row, *without) | {"person_ids": [row["person_ids"]]}


def outcomes(raised: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What became of the escalations that conferences raised, as rows of an import.

    An escalation is found by its chair, the day of the conference and the role: together they name only one.
    """
    key = ("meeting_on", "owner_id", "agency_role")
    references = {tuple(one[name] for name in key): one["reference"] for one in raised}
    return [
        {"reference": references[tuple(row.pop(name) for name in key)], **row} for row in read("escalations/outcomes")
    ]
