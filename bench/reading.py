"""What people read all day, through the gateway: lists, records, the home page, figures."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle

from bench.load import CONNECTIONS, SECONDS, Ask, Door, load
from bench.system import System
from bench.table import Line

CHILD, FAMILY_CHILD = "L200001", "P300001"
READ = {
    "reviews, a list of 50": "/v1/reviews",
    "looked-after children, a list of 50": "/v1/care",
    "one child": f"/v1/children/{CHILD}/care",
    "a child's timeline": f"/v1/children/{CHILD}/timeline",
    "what is due, a list of 50": "/v1/deadlines",
    "conferences, a list of 50": "/v1/conferences",
    "a child's timeline of conferences": f"/v1/children/{FAMILY_CHILD}/timeline",
    "a chair's diary": "/v1/diary?chair_id=chair-01",
    "escalations, a list of 50": "/v1/escalations",
    "emails, a list of 50": "/v1/messages",
}
AUDIT = f"/v1/audit-entries?person_id={CHILD}"
FIGURES = [
    *(f"/v1/figures/reviews{part}?period=2019-20" for part in ("", "/activity")),
    *(f"/v1/figures/conferences{part}?period=2019-20" for part in ("", "/activity", "/contributions", "/plans")),
    *(f"/v1/figures/{part}?period=2019-20" for part in ("escalations", "escalations-per-conference", "informal")),
    "/v1/figures/repeats",
    "/v1/invitations/missing-reports/by-agency",
    "/v1/chairs/caseloads",
]


async def reading(system: System) -> list[Line]:
    """Every kind of list and record, the home page, figures, and a list while figures are counted."""
    manager = await system.gateway("team_manager")
    lines = [await read(system, what, manager, [path]) for what, path in READ.items()]
    lines += [
        await read(system, "who looked at a child's records", await system.gateway("administrator"), [AUDIT]),
        await read(system, "home", await system.gateway("chair"), ["/v1/home"], "p95 ≤ 60 ms"),
        await read(system, "each of 12 figures", manager, FIGURES, "p95 ≤ 100 ms alone"),
    ]
    counting = asyncio.create_task(load(manager, cycle(_asks(FIGURES)), len(FIGURES)))
    reviews = cycle(_asks(["/v1/reviews"]))
    at_1, at_16 = [await load(manager, reviews, connections, SECONDS) for connections in (1, CONNECTIONS)]
    counting.cancel()
    with suppress(asyncio.CancelledError):
        await counting
    what = "reviews while 12 figures are counted"
    return [*lines, Line(what, at_1, at_16, budget="p99 ≤ 100 ms alone", found=at_1.p(99))]


async def read(system: System, what: str, door: Door, paths: Sequence[str], budget: str = "p99 ≤ 50 ms") -> Line:
    """A line about reading these by turns, after some to warm up."""
    asks = cycle(_asks(paths))
    await load(door, asks, CONNECTIONS, min(SECONDS, 2))
    return await system.measured(what, door, asks, asks, budget)


def _asks(paths: Sequence[str]) -> list[Ask]:
    return [Ask("GET", path) for path in paths]
