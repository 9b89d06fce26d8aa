"""Conferences: a page, one record, and holding a conference of three children with all that follows from it."""

from bench.conference_seed import planned, seeded
from bench.holding import Holding, Kind
from bench.http import Result, token
from bench.load import Target, pair
from bench.system import PROCESSES, migrated, plain, programs
from deploy.local.postgres import Server

CHILDREN = 1000
HELD = 40_000
# Nobody is invited in this bench, so that the chair says why it went on.
KIND = Kind("CONF", '"outcome":"plan_made","category":"NEG"', '"inquorate_because":"Snow.",')


async def measure(running: Server) -> list[Result]:
    """All of it."""
    settings = await migrated(running, "conferences", "bench_conferences")
    await seeded(settings, CHILDREN)
    given = plain(settings)
    async with programs("conferences", given) as services, programs("raw_conferences", given) as floors:
        headers = token()
        pages = await pair(
            [Target(f"{service.url}/v1/conferences", headers) for service in services],
            [Target(f"{raw.url}/page", {}) for raw in floors],
        )
        ones = await pair(
            [Target(f"{service.url}/v1/children/P7", headers) for service in services],
            [Target(f"{raw.url}/one/P7", {}) for raw in floors],
        )
        # What is planned to be held would fill every page with meetings of three.
        await planned(settings, HELD)
        ours = Holding(KIND, [service.url for service in services], headers, ("/v1/conferences/", "/hold"), 0)
        floor = Holding(KIND, [raw.url for raw in floors], {}, ("/hold/", ""), HELD // 2)
        held = await pair([ours.target] * PROCESSES, [floor.target] * PROCESSES)
    return [
        Result("page of 50 conferences", "raw route", *pages, "/s", "≥ 1.3"),
        Result("one child of a family", "raw route", *ones, "/s", "≥ 0.6"),
        Result("hold a conference of three children", "raw route, same writes", *held, "/s", "≥ 0.45"),
    ]
