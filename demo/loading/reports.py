"""Loads what is recorded of the quality of the work, then has the reports of both years written and published."""

import tomllib
from collections.abc import Callable
from typing import Any

from demo.front_door import FrontDoor, each, when_known
from demo.tables import DATA, body_of, read

RECORDS = {
    "observations": "observations",
    "development": "development",
    "audits": "audits",
    "home_visits": "home-visits",
    "priorities": "priorities",
}
# In this order, so that each begins with the words of the one before.
REPORTS = (
    ("annual", "2018-19"),
    ("conferences", "2019-H1"),
    ("conferences", "2019-H2"),
    ("quarterly", "2019-Q4"),
    ("annual", "2019-20"),
)
AUTHOR, REVIEWER = "performance_analyst", "team_manager"


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load the records, then publish the reports; reviews, conferences and escalations are there."""
    for row in read("quality/homes"):
        if not await door.has("/v1/quality/homes", id=row["id"]):
            await door.ask(REVIEWER, "PUT", f"/v1/quality/homes/{row['id']}", json=body_of(row, "id"))
    for name, path in RECORDS.items():
        rows = read(f"quality/{name}")

        async def record(row: dict[str, str], path: str = path) -> None:
            await when_known(lambda: door.create(REVIEWER, f"/v1/quality/{path}", body_of(row)))

        await each(rows, record)
        say(f"  {len(rows)} {name.replace('_', ' ')}")
    for kind, period in REPORTS:
        await _publish(door, kind, period)
        say(f"  The {kind} report of {period} is published")


async def _publish(door: FrontDoor, kind: str, period: str) -> None:
    """Take a report from wherever an earlier run left it until it is published."""
    found = await door.all(AUTHOR, "/v1/reports", kind=kind, period=period)
    report = found[0] if found else await door.create(AUTHOR, "/v1/reports", {"kind": kind, "period": period})
    path = f"/v1/reports/{report['reference']}"
    if report["state"] == "draft":
        await _write(door, path, kind)
        reviewer = (await door.ask(REVIEWER, "GET", "/v1/me"))["subject"]
        report = await _move(door, AUTHOR, path, "send-to-reviewer", {"reviewer_id": reviewer})
    if report["state"] == "with_reviewer":
        report = await _move(door, REVIEWER, path, "approve")
    if report["state"] == "approved":
        await _move(door, REVIEWER, path, "publish")


async def _write(door: FrontDoor, path: str, kind: str) -> None:
    prose: dict[str, str] = tomllib.loads((DATA / "reports" / f"{kind}.toml").read_text())
    for section in (await door.ask(AUTHOR, "GET", f"{path}/sections"))["sections"]:
        headers = {"If-Match": f'"{section["version"]}"'} if section["version"] else {}
        if words := prose.get(section["key"]):
            body = {"prose": words.strip()}
            await door.ask(AUTHOR, "PUT", f"{path}/sections/{section['key']}", json=body, headers=headers)


async def _move(door: FrontDoor, role: str, path: str, move: str, body: Any = None) -> Any:
    version = (await door.ask(role, "GET", path))["version"]
    return await door.ask(role, "POST", f"{path}/{move}", json=body, headers={"If-Match": f'"{version}"'})
