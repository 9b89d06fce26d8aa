"""Reviews: a page, one record, and holding a review of three children with all that follows from it."""

from bench.holding import Holding, Kind
from bench.http import Result, token
from bench.load import Target, pair
from bench.review_seed import planned, seeded
from bench.system import PROCESSES, migrated, plain, programs
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
        pages = await pair(
            [Target(f"{service.url}/v1/reviews", headers) for service in services],
            [Target(f"{raw.url}/page", {}) for raw in floors],
        )
        ones = await pair(
            [Target(f"{service.url}/v1/looked-after-children/P7", headers) for service in services],
            [Target(f"{raw.url}/one/P7", {}) for raw in floors],
        )
        # What is planned to be held would fill every page with meetings of three.
        await planned(settings, HELD)
        ours = Holding(KIND, [service.url for service in services], headers, ("/v1/reviews/", "/hold"), 0)
        floor = Holding(KIND, [raw.url for raw in floors], {}, ("/hold/", ""), HELD // 2)
        held = await pair([ours.target] * PROCESSES, [floor.target] * PROCESSES)
    return [
        Result("page of 50 reviews", "raw route", *pages, "/s", "≥ 1.3"),
        Result("one child", "raw route", *ones, "/s", "≥ 0.6"),
        Result("hold a review of three children", "raw route, same writes", *held, "/s", "≥ 0.45"),
    ]
