"""Reviews: a page, one record, and holding a review of three children with all that follows from it."""

from bench.holding import Holding, Kind
from bench.http import Result, token
from bench.load import at_each, pair
from bench.review_seed import planned, seeded
from bench.system import migrated, plain, programs
from deploy.local.postgres import Server

CHILDREN = 660
HELD = 40_000
KIND = Kind("REV", '"seen_alone":true')


async def measure(running: Server) -> list[Result]:
    """All of it."""
    settings = await migrated(running, "reviews", "bench_reviews")
    await seeded(settings, CHILDREN)
    given = plain(settings)
    async with programs("reviews", given) as services, programs("raw_reviews", given) as floors:
        headers = token()
        pages = await pair(at_each(services, "/v1/reviews", headers), at_each(floors, "/page"))
        ones = await pair(at_each(services, "/v1/looked-after-children/P7", headers), at_each(floors, "/one/P7"))
        # What is planned to be held would fill every page with meetings of three.
        await planned(settings, HELD)
        ours = Holding(KIND, services, headers, ("/v1/reviews/", "/hold"), 0)
        floor = Holding(KIND, floors, {}, ("/hold/", ""), HELD // 2)
        held = await pair(ours.targets(), floor.targets())
    return [
        Result("page of 50 reviews", "raw route", *pages, "/s", "≥ 1.3"),
        Result("one child", "raw route", *ones, "/s", "≥ 0.6"),
        Result("hold a review of three children", "raw route, same writes", *held, "/s", "≥ 0.45"),
    ]
