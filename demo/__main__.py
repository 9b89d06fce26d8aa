"""Loads the demo through the front door of a running system: `python -m demo --gateway http://localhost:8000`."""

import asyncio
import sys
from typing import Annotated

import typer

from demo.front_door import FrontDoor, NotReached, Refused, pause
from demo.loading import children, conferences, escalations, reports, reviews
from demo.tables import read

# In this order, since the later ones name the earlier.
DIRECTORY = ("areas", "agencies", "colleagues", "coverage")
# What officers answer to; what chairs and managers are told comes after that.
QUARTERLY = "send_quarterly_escalations"
# Minutes: far longer than the mailbox on the same machine takes, also beside busy neighbours.
SENT_WITHIN_TRIES = 1000


def say(words: str) -> None:
    """Show how far it is."""
    print(words, flush=True)


async def load(gateway: str) -> None:
    """Load the directory, children, reviews, conferences and escalations, have the emails sent, and publish reports."""
    async with FrontDoor(gateway) as door:
        for part in DIRECTORY:
            rows = read(f"directory/{part}")
            await door.import_csv(f"/v1/{part}/import", rows)
            say(f"  {len(rows)} {part}")
        await children.load(door, say)
        await reviews.load(door, say)
        await conferences.load(door, say)
        await escalations.load(door, say)
        emails = read("emails")
        for row in [row for row in emails if row["schedule"] == QUARTERLY]:
            await _send(door, row["schedule"], row["period"])
        await escalations.load_answers(door, say)
        for row in [row for row in emails if row["schedule"] != QUARTERLY]:
            await _send(door, row["schedule"], row["period"])
        await reports.load(door, say)
        await _until_sent(door)


async def _send(door: FrontDoor, schedule: str, period: str) -> None:
    path = f"/v1/messages/schedules/{schedule}/run"
    run = await door.ask("team_manager", "POST", path, json={"period": period})
    words = schedule.removeprefix("send_").replace("_", " ")
    say(f"  {run['outcome']['queued']} emails: {words} of {period}")


async def _until_sent(door: FrontDoor) -> None:
    """Wait until the emails have left, for as long as they may take: who looks now finds them in the mailbox."""
    for _ in range(SENT_WITHIN_TRIES):
        if not (await door.ask("team_manager", "GET", "/v1/messages?state=queued&limit=1"))["items"]:
            return
        await pause()
    say("  Some emails are still on their way.")


def main(
    gateway: Annotated[str, typer.Option(help="Where the gateway is.")] = "http://localhost:8000",
) -> None:
    """Load the demo."""
    try:
        asyncio.run(load(gateway))
    except (Refused, NotReached) as reason:
        say(f"The demo could not be loaded. {reason}")
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
