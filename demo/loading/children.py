"""Loads who the children are, once for reviews and conferences alike."""

from collections.abc import Callable

from demo.front_door import FrontDoor, when_known
from demo.tables import read

CHILDREN = "/v1/children"


async def load(door: FrontDoor, say: Callable[[str], None]) -> None:
    """Load the children, who are then known to every service."""
    children = read("children")
    if not await door.has(CHILDREN):
        await when_known(lambda: door.import_csv(f"{CHILDREN}/import", children))
    say(f"  {len(children)} children")
