"""Conferences: a page, one record, and holding a conference of three children with all that follows from it."""

from bench.conference_seed import planned, seeded
from bench.holding import Holding, Kind
from bench.http import Result, token
from bench.load import at_each, pair
from bench.system import migrated, plain, programs
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
        pages = await pair(at_each(services, "/v1/conferences", headers), at_each(floors, "/page"))
        ones = await pair(at_each(services, "/v1/children/P7", headers), at_each(floors, "/one/P7"))
        # What is planned to be held would fill every page with meetings of three.
        await planned(settings, HELD)
        ours = Holding(KIND, services, headers, ("/v1/conferences/", "/hold"), 0)
        floor = Holding(KIND, floors, {}, ("/hold/", ""), HELD // 2)
        held = await pair(ours.targets(), floor.targets())
    return [
        Result("page of 50 conferences", "raw route", *pages, "/s", "≥ 1.3"),
        Result("one child of a family", "raw route", *ones, "/s", "≥ 0.6"),
        Result("hold a conference of three children", "raw route, same writes", *held, "/s", "≥ 0.45"),
    ]
