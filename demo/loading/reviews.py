"""Loads the looked-after children and their reviews, and plans some of the reviews to come."""

from collections.abc import Callable
from typing import Any

from chassis.base.cells import list_in
from demo import looked_after
from demo.front_door import FrontDoor, each, when_known
from demo.tables import Row, body_of, read

CARE = "/v1/care"


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load everything about looked-after children, each through the endpoint that people use."""
    care = looked_after.care()
    if not await door.has(CARE):
        await when_known(lambda: door.import_csv(f"{CARE}/import", care))
    say(f"  {len({row['person_id'] for row in care})} children who are or were looked after")
    referrals = read("looked_after/disruption_referrals")
    # Before the reviews, so that the meetings among them are known to be those that were referred for, and one after
    # the other, so that each has the same reference every time.
    for row in referrals:
        await _referral(door, row)
    say(f"  {len(referrals)} referrals for disruption meetings")
    reviews = looked_after.reviews()
    if not await door.has("/v1/reviews"):
        await door.import_csv("/v1/reviews/import", reviews)
    by_meeting = {row["meeting"]: row for row in reviews}
    say(f"  {len(by_meeting)} reviews of April 2018 to March 2020")
    visits, decisions = read("looked_after/visits"), read("looked_after/directors_decisions")
    if not await door.has("/v1/contacts"):
        await door.import_csv("/v1/contacts/import", visits)
    asked = await door.all("team_manager", "/v1/leaving-care-decisions")
    known = {(one["person_id"], one["requested_on"]): one for one in asked}
    await each(decisions, lambda row: _decision(door, row, known.get((row["person_id"], row["decided_on"]))))
    say(f"  {len(visits)} visits and {len(decisions)} decisions of the director")
    checks = read("looked_after/midpoint_checks")
    if not await door.has("/v1/midpoint-checks"):
        await door.import_csv("/v1/midpoint-checks/import", checks)
    say(f"  {len(checks)} checks halfway between reviews")
    referred = read("looked_after/life_links")
    await each(referred, lambda row: _life_links(door, row))
    say(f"  {len(referred)} referrals to Life Links")
    prompts = read("looked_after/prompts")
    await each(prompts, lambda row: _prompt(door, row))
    say(f"  {len(prompts)} other prompts that were done")
    feedback, planned = read("looked_after/feedback"), read("looked_after/planned_reviews")
    await each(feedback, lambda row: _feedback(door, row, by_meeting[row["meeting"]]))
    # One after the other, so that each has the same reference every time.
    for row in planned:
        await _plan(door, row)
    say(f"  {len(feedback)} words of feedback, and {len(planned)} reviews planned for the next weeks")


async def _referral(door: FrontDoor, row: Row) -> None:
    """Refer a child for a disruption meeting, and accept that or decline it unless it was decided."""
    body = body_of(row, "decided_on", "chair_id", "declined_because")
    made = await door.create("team_manager", "/v1/reviews/disruption-referrals", body)
    path = f"/v1/reviews/disruption-referrals/{made['reference']}"
    referral = await door.ask("team_manager", "GET", path)
    if referral["state"] == "received":
        move, said = ("accept", "chair_id") if row["chair_id"] else ("decline", "reason")
        decision = {said: row["chair_id"] or row["declined_because"], "decided_on": row["decided_on"]}
        await door.change("team_manager", "POST", f"{path}/{move}", referral["version"], decision)


async def _prompt(door: FrontDoor, row: Row) -> None:
    path = f"/v1/children/{row['person_id']}/prompts"
    await door.ask("team_manager", "POST", path, json=body_of(row, "person_id"))


async def _decision(door: FrontDoor, row: Row, known: Any) -> None:
    """Ask for a decision unless it was asked for already, and have it decided unless it was."""
    path = f"/v1/children/{row['person_id']}/leaving-care-decisions"
    asked = known or await door.ask("team_manager", "POST", path, json={"requested_on": row["decided_on"]})
    if asked["decided_on"] is None:
        path = f"/v1/leaving-care-decisions/{asked['id']}/decide"
        await door.change("team_manager", "POST", path, asked["version"], body_of(row, "person_id"))


async def _life_links(door: FrontDoor, row: Row) -> None:
    """Refer a child, and say what came of it as far as that is known; to do so again changes nothing."""
    path, body = f"/v1/children/{row['person_id']}/prompts", {"prompt": "life_links", "done_on": row["done_on"]}
    done = await door.ask("team_manager", "POST", path, json=body)
    if row["outcome"]:
        outcome = body_of(row, "person_id", "done_on")
        await door.ask("team_manager", "POST", f"/v1/prompts/{done['id']}/conclude", json=outcome)


async def _feedback(door: FrontDoor, row: Row, review: Row) -> None:
    reference = await door.reference_of("/v1/reviews", review["person_id"], review["held_on"])
    await door.create("team_manager", f"/v1/reviews/{reference}/feedback", body_of(row, "meeting"))


async def _plan(door: FrontDoor, row: Row) -> None:
    await door.create("team_manager", "/v1/reviews", body_of(row) | {"person_ids": list_in(row["person_ids"])})
