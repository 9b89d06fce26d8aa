"""The whole of England beside one council: the same questions over 100,000 children as over 660 of them.

`make bench-england` writes docs/bench-england.md with the times, their ratios and the database's plans.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.review_history import import_seconds
from bench.review_seed import CHILDREN_OF_A_COUNCIL, REVIEWS_EACH, seeded
from bench.system import migrated, server
from chassis.pagination import PageRequest
from chassis.periods import parse
from chassis.statements import Statements
from services.reviews.queries import figures
from services.reviews.queries.children import DEADLINES, OWED, TIMELINE
from services.reviews.queries.figures import Question, ReviewsBy, WhichReviews
from services.reviews.queries.meetings import CHILD_REVIEWS, DIARY, REVIEWS

REPORT = Path(__file__).parent.parent / "docs" / "bench-england.md"
COUNCILS = 152
CHILDREN = COUNCILS * CHILDREN_OF_A_COUNCIL
TIMES, WARMING = 100, 10
TODAY = date(2020, 4, 3)
SEES: dict[str, Any] = {"viewer": "chair-1", "sees_restricted": False}
BIG = (
    "review",
    "child_review",
    "deadline",
    "looked_after_child",
    "period_of_care",
    "contact",
    "allocation",
    "decision",
)
FIRST_PAGE = PageRequest(limit=50, after=None)


class Watched(Statements):
    """Statements that remember what was asked last, so that its plan can be looked at."""

    last: tuple[str, tuple[Any, ...]] = ("", ())

    async def first_row(self, statement: str, *values: Any) -> Any:
        """The first row, and the statement is remembered."""
        self.last = (statement, values)
        return await super().first_row(statement, *values)

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """The rows, and the statement is remembered."""
        self.last = (statement, values)
        return await super().rows(statement, *values)


Asked = Callable[[Watched], Awaitable[Any]]


def questions() -> dict[str, Asked]:
    """What people ask again and again."""
    far = PageRequest(limit=50, after=["2016-03-01", "ffffffff-ffff-ffff-ffff-ffffffffffff"])
    year = parse("2018-19")
    council = Question(ReviewsBy.MONTH, year.first, year.last, WhichReviews.LOOKED_AFTER, 4, "area-0")
    days = {"first": date(2019, 11, 1), "last": date(2019, 12, 31)}
    return {
        "due list of a chair": lambda at: DEADLINES.page(at, FIRST_PAGE, today=TODAY, chair_id="chair-1", **SEES),
        "due list of an area, reviews alone": lambda at: DEADLINES.page(
            at, FIRST_PAGE, today=TODAY, area_id="area-0", kind="review", **SEES
        ),
        "overdue of everybody": lambda at: DEADLINES.page(at, FIRST_PAGE, today=TODAY, is_overdue=True, **SEES),
        "a chair's diary": lambda at: DIARY.all(at, chair_id="chair-1", **days, **SEES),
        "a child's timeline": lambda at: TIMELINE.all(at, person_id="P7", **SEES),
        "what is owed for a child": lambda at: OWED.all(at, person_id="P7", today=TODAY, **SEES),
        "first page of the review list": lambda at: REVIEWS.page(at, FIRST_PAGE, **SEES),
        "a page deep in the review list": lambda at: REVIEWS.page(at, far, **SEES),
        "a page of an area's reviews": lambda at: REVIEWS.page(at, FIRST_PAGE, area_id="area-0", **SEES),
        "a page of a child's reviews": lambda at: CHILD_REVIEWS.page(at, FIRST_PAGE, person_id="P7", **SEES),
        "a council's yearly figures": lambda at: figures.count(at, council, TODAY, None),
    }


async def milliseconds(statements: Watched, asked: Asked) -> float:
    """The median of many times, after some to warm up."""
    measured = []
    for number in range(WARMING + TIMES):
        began = time.perf_counter()
        await asked(statements)
        if number >= WARMING:
            measured.append((time.perf_counter() - began) * 1000)
    return statistics.median(measured)


async def plan_of(statements: Watched) -> list[str]:
    """The parts of the plan of what was asked last that read tables: how, and which."""
    statement, values = statements.last
    found = await statements.pool.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
    parts: list[str] = []
    waiting = [json.loads(found)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if table := node.get("Relation Name"):
            index = f" using {node['Index Name']}" if "Index Name" in node else ""
            parts.append(f"{node['Node Type']} on {table}{index}")
        elif "Index Name" in node:
            parts.append(f"{node['Node Type']} using {node['Index Name']}")
    return sorted(set(parts))


async def measured(children: int, name: str, running: Any) -> tuple[dict[str, float], dict[str, list[str]], float]:
    """The times and the plans over so many children, and the seconds that making them took."""
    settings = await migrated(running, "reviews", name)
    began = time.perf_counter()
    await seeded(settings, children)
    seconds = time.perf_counter() - began
    statements = Watched(settings)
    await statements.open()
    times, plans = {}, {}
    for what, asked in questions().items():
        times[what] = await milliseconds(statements, asked)
        plans[what] = await plan_of(statements)
        print(f"  {what}: {times[what]:.2f} ms", flush=True)
    await statements.close()
    return times, plans, seconds


def report(
    small: dict[str, float], large: dict[str, float], plans: dict[str, list[str]], seconds: float, imported: str
) -> str:
    """The page."""
    lines = [
        "# England",
        "",
        f"{CHILDREN:,} children with {CHILDREN * REVIEWS_EACH:,} reviews in ten years, beside one council of",
        f"{CHILDREN_OF_A_COUNCIL} children. `make bench-england` makes them (in {seconds / 60:.0f} minutes), measures",
        "and writes this page; medians of one connection, on 2 cores.",
        "",
        "| what | one council | England | ratio | target | met |",
        "| --- | ---: | ---: | ---: | --- | --- |",
    ]
    for what, time_large in large.items():
        ratio = time_large / small[what]
        figure = "figures" in what
        met = time_large <= 200 if figure else ratio <= 1.5
        target = "≤ 200 ms" if figure else "≤ 1.5"
        times = f"{small[what]:.2f} ms | {time_large:.2f} ms | {ratio:.2f}"
        lines.append(f"| {what} | {times} | {target} | {'yes' if met else 'no'} |")
    lines += ["", imported, "", "## Plans", "", "How each of them reads the tables of England:", ""]
    for what, parts in plans.items():
        lines.append(f"- {what}: {'; '.join(parts) or 'no table'}")
    scanned = {what for what, parts in plans.items() if any(p == f"Seq Scan on {t}" for p in parts for t in BIG)}
    lines += ["", f"Sequential scans of a big table: {', '.join(sorted(scanned)) or 'none'}.", ""]
    return "\n".join(lines)


async def main() -> None:
    """Make both, measure both, and write the report."""
    async with server() as running:
        print("One council …", flush=True)
        small, _, _ = await measured(CHILDREN_OF_A_COUNCIL, "bench_council", running)
        print("England …", flush=True)
        large, plans, seconds = await measured(CHILDREN, "bench_england", running)
        print("A council's ten-year return …", flush=True)
        imported = await import_seconds(running)
    REPORT.write_text(report(small, large, plans, seconds, imported))
    print(REPORT.read_text())


if __name__ == "__main__":
    asyncio.run(main())
