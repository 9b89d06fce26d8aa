"""Loads the families and their conferences; what chairs confirmed is then raised by the escalations service."""

from collections.abc import Callable

from demo import protection
from demo.front_door import FrontDoor, each, when_known
from demo.loading.between import record_between
from demo.loading.to_come import plan_ahead
from demo.people import Row


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load everything about child protection, each through the endpoint that people use."""
    children = protection.children()
    if not await door.has("/v1/children"):
        await when_known(lambda: door.import_csv("/v1/children/import", children))
    enquiries, transfers = protection.enquiries(), protection.transfers_in()
    if not await door.has("/v1/section-47-enquiries"):
        await door.import_csv("/v1/section-47-enquiries/import", enquiries)
    there = {one["request_id"] for one in await door.all("team_manager", "/v1/transfers-in")}
    transfers = [row for row in transfers if row["request_id"] not in there]
    await each(transfers, lambda row: _transfer(door, row))
    say(f"  {len(children)} children with {len(enquiries)} enquiries and {len(transfers)} transfers")
    files = {
        "conferences": protection.conferences(),
        "invitations": protection.invitations(),
        "plan_ends": protection.plan_ends(),
    }
    if not await door.has("/v1/conferences"):
        await when_known(lambda: door.import_files("/v1/conferences/import", files))
    meetings = {row["meeting"] for row in files["conferences"]}
    say(f"  {len(meetings)} conferences until March 2020, to which {len(files['invitations'])} people were invited")
    say(f"  {await record_between(door)} core groups, checks, discussions and words of feedback")
    say(f"  {await plan_ahead(door)} conferences planned for the next weeks")


async def _transfer(door: FrontDoor, row: Row) -> None:
    body = {name: value for name, value in row.items() if name != "request_id"}
    await door.ask("case_management", "PUT", f"/v1/transfers-in/{row['request_id']}", json=body)
