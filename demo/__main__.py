"""Loads the demo through the front door of a running system: `python -m demo --gateway http://localhost:8000`."""

import asyncio
import sys
from random import Random
from typing import Annotated

import typer

from demo import people, reviews, year
from demo.front_door import FrontDoor, Refused, pause

QUARTERS = ("2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4")
THIS_WEEK = "2020-W15"
COPIED_WITHIN_TRIES = 100


def say(words: str) -> None:
    """Show how far it is."""
    print(words, flush=True)


async def load(gateway: str) -> None:
    """Load the directory, the escalations and the reviews, then have every quarter's emails sent."""
    async with FrontDoor(gateway) as door:
        parts = {
            "areas": people.areas(),
            "agencies": people.agencies(),
            "colleagues": people.colleagues(Random(year.SEED)),
            "coverage": people.coverage(),
        }
        for part, rows in parts.items():
            _check(await door.send_csv(f"/v1/directory/{part}", rows))
            say(f"  {len(rows)} {part}")
        rows = year.escalations()
        await _until_copied(door, rows)
        _check(await door.send_csv("/v1/escalations/import", rows))
        say(f"  {len(rows)} escalations of April 2018 to March 2020")
        await _challenges(door)
        await reviews.load(door, say)
        for quarter in QUARTERS:
            outcome = await _run(door, "send_quarterly_escalations", quarter)
            say(f"  {outcome['queued']} emails about {quarter}")
        for schedule in ("send_weekly_reminder", "send_weekly_report"):
            outcome = await _run(door, schedule, THIS_WEEK)
            say(f"  {outcome['queued']} emails of this week's {schedule.removeprefix('send_weekly_')}")


def _check(report: dict[str, object]) -> None:
    if report["problems"]:
        raise Refused(str(report["problems"])[:500])


async def _until_copied(door: FrontDoor, rows: list[people.Row]) -> None:
    """Wait until the escalations service has heard of everybody whom the rows name."""
    for _ in range(COPIED_WITHIN_TRIES):
        report = await door.send_csv("/v1/escalations/import", rows, dry_run=True)
        if not report["problems"]:
            return
        await pause()
    _check(report)


async def _challenges(door: FrontDoor) -> None:
    rows = year.challenges()
    for row in rows:
        body = {name: value for name, value in row.items() if name != "person_id"}
        await door.ask("team_manager", "POST", "/v1/challenges", json=body | {"person_ids": [row["person_id"]]})
    say(f"  {len(rows)} positive challenges")


async def _run(door: FrontDoor, schedule: str, period: str) -> dict[str, int]:
    run = await door.ask("team_manager", "POST", f"/v1/schedules/{schedule}/run", json={"period": period})
    outcome: dict[str, int] = run["outcome"]
    return outcome


def main(
    gateway: Annotated[str, typer.Option(help="Where the gateway is.")] = "http://localhost:8000",
) -> None:
    """Load the demo."""
    try:
        asyncio.run(load(gateway))
    except Refused as refused:
        say(f"The demo could not be loaded. {refused}")
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
