"""Loads the families and their conferences; what chairs confirmed is then raised by the escalations service."""

from collections.abc import Callable

from chassis.base.cells import list_in
from demo import protection
from demo.front_door import FrontDoor, each, when_known
from demo.tables import Row, body_of, read


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load everything about child protection, each through the endpoint that people use."""
    enquiries, transfers = read("protection/enquiries"), read("protection/transfers_in")
    if not await door.has("/v1/conferences/section-47-enquiries"):
        await when_known(lambda: door.import_csv("/v1/conferences/section-47-enquiries/import", enquiries))
    there = {one["request_id"] for one in await door.all("team_manager", "/v1/conferences/transfers-in")}
    await each([row for row in transfers if row["request_id"] not in there], lambda row: _transfer(door, row))
    say(f"  {len(enquiries)} enquiries and {len(transfers)} transfers")
    files = {
        "conferences": protection.conferences(),
        "invitations": protection.invitations(),
        "plan_ends": read("protection/plan_ends"),
    }
    if not await door.has("/v1/conferences"):
        await when_known(lambda: door.import_files("/v1/conferences/import", files))
    meetings = {row["meeting"] for row in files["conferences"]}
    say(f"  {len(meetings)} conferences until March 2020, to which {len(files['invitations'])} people were invited")
    say(f"  {await _record_between(door)} core groups, checks, discussions and words of feedback")
    planned, guests = read("protection/planned_conferences"), protection.planned_invitations()
    # One after the other, so that each has the same reference every time.
    for row in planned:
        await _plan(door, row, [one for one in guests if one["meeting"] == row["meeting"]])
    say(f"  {len(planned)} conferences planned for the next weeks")


async def _transfer(door: FrontDoor, row: Row) -> None:
    path = f"/v1/conferences/transfers-in/{row['request_id']}"
    await door.ask("administrator", "PUT", path, json=body_of(row, "request_id"))


async def _record_between(door: FrontDoor) -> int:
    """Record what happened between conferences, but for what is there already; how many things it is."""
    groups, checks = read("protection/core_groups"), read("protection/plan_checks")
    discussions, feedback = read("protection/discussions"), read("protection/feedback")
    await each(groups, lambda row: _core_group(door, row))
    if not await door.has("/v1/plan-checks"):
        await door.import_csv("/v1/plan-checks/import", checks)
    known = await door.all("team_manager", "/v1/twelve-month-discussions")
    there = {(one["person_id"], one["held_on"]) for one in known}
    wanted = [row for row in discussions if (row["person_id"], row["held_on"]) not in there]
    await each(wanted, lambda row: _discussion(door, row))
    await each(feedback, lambda row: _feedback(door, row))
    return len(groups) + len(checks) + len(discussions) + len(feedback)


async def _core_group(door: FrontDoor, row: Row) -> None:
    members = read("protection/core_group_members")
    attended = [{**one, "attended": one["role"] not in list_in(row["absent"])} for one in members]
    body = body_of(row, "absent") | {"person_ids": list_in(row["person_ids"]), "attended": attended}
    await door.create("team_manager", "/v1/core-groups", body)


async def _discussion(door: FrontDoor, row: Row) -> None:
    lists = {"attended": list_in(row["attended"]), "agenda": read("protection/agenda")}
    path = f"/v1/children/{row['person_id']}/twelve-month-discussions"
    await door.ask("team_manager", "POST", path, json=body_of(row, "person_id") | lists)


async def _feedback(door: FrontDoor, row: Row) -> None:
    reference = await door.reference_of("/v1/conferences", row["person_id"], row["held_on"])
    path = f"/v1/conferences/{reference}/feedback"
    await door.create("team_manager", path, body_of(row, "person_id", "held_on"))


async def _plan(door: FrontDoor, row: Row, guests: list[Row]) -> None:
    """Plan a conference, invite people to it, take in what has come from them, and check the plans beforehand."""
    body = body_of(row, "meeting", "prepared_on") | {"person_ids": list_in(row["person_ids"])}
    planned = await door.create("team_manager", "/v1/conferences", body)
    path = f"/v1/conferences/{planned['reference']}"
    conference = await door.ask("team_manager", "GET", path)
    invited = conference["invitations"]
    come = ("report_received_on", "apologies_on")
    # The service itself invites advocates.
    if not any(one["invited_as"] == "professional" for one in invited):
        wanted = {"invitations": [body_of(one, "meeting", *come) for one in guests]}
        invited = await door.change("team_manager", "POST", f"{path}/invitations", conference["version"], wanted)
    known = {one["email"]: {name: one[name] for name in come if one[name]} for one in guests if "email" in one}
    for one in invited:
        news = known.get(one["email"])
        if news and not any(one[name] for name in come):
            await door.change("team_manager", "PATCH", f"/v1/invitations/{one['id']}", one["version"], news)
    if row["prepared_on"]:
        check = {"kind": "preparation", "done_on": row["prepared_on"], "visits_in_time": True, "core_groups_held": True}
        for person_id in body["person_ids"]:
            await door.create("team_manager", f"/v1/children/{person_id}/plan-checks", check)
