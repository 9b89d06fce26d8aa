"""The whole of England beside one council: the same questions over all of its children as over one council's.

`make bench-england` writes docs/bench-england.md with the times, their ratios and the database's plans.
"""

import asyncio
import json
import statistics
import time
from pathlib import Path
from typing import Any

from bench.england_questions import WORLDS, Asked, World
from bench.review_history import import_seconds
from bench.system import migrated, server
from chassis.db.statements import Statements

REPORT = Path(__file__).parent.parent / "docs" / "bench-england.md"
COUNCILS = 152
TIMES, ROUNDS, WARMING = 20, 10, 10


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


async def milliseconds(asked: Asked, *asked_of: Watched) -> list[float]:
    """The median times of each, after some to warm up: by turns in short rounds, since machines are noisy."""
    for one in asked_of:
        for _ in range(WARMING):
            await asked(one)
    measured: list[list[float]] = [[] for _ in asked_of]
    for _ in range(ROUNDS):
        for one, times in zip(asked_of, measured, strict=True):
            for _ in range(TIMES):
                began = time.perf_counter()
                await asked(one)
                times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in measured]


async def plan_of(statements: Watched) -> list[str]:
    """The parts of the plan of what was asked last that read tables: how, and which."""
    statement, values = statements.last
    (found,) = await statements.first_row(f"EXPLAIN (FORMAT JSON) {statement}", *values)
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


async def made(world: World, councils: int, name: str, running: Any) -> tuple[Watched, float]:
    """A database of so many councils, and the seconds that making it took."""
    settings = await migrated(running, world.service, name)
    began = time.perf_counter()
    await world.seeded(settings, councils * world.children_of_a_council)
    return Watched(settings), time.perf_counter() - began


async def measured(world: World, running: Any) -> list[str]:
    """One service's lines: each question is asked of one council and of England by turns."""
    print(f"One council's {world.service}, then England's …", flush=True)
    council, _ = await made(world, 1, f"bench_council_{world.service}", running)
    england, seconds = await made(world, COUNCILS, f"bench_england_{world.service}", running)
    small, large, plans = {}, {}, {}
    for what, asked in world.questions().items():
        small[what], large[what] = await milliseconds(asked, council, england)
        plans[what] = await plan_of(england)
        print(f"  {what}: {small[what]:.2f} and {large[what]:.2f} ms", flush=True)
    await council.close()
    await england.close()
    return section(world, small, large, plans, seconds)


def section(
    world: World, small: dict[str, float], large: dict[str, float], plans: dict[str, list[str]], seconds: float
) -> list[str]:
    """The lines about one service."""
    children = COUNCILS * world.children_of_a_council
    lines = [
        f"## {world.service.capitalize()}",
        "",
        f"{children:,} children with {children * world.meetings_each:,} {world.meetings} in ten years, beside one",
        f"council of {world.children_of_a_council:,} children; made in {seconds / 60:.0f} minutes.",
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
    lines += ["", "How each of them reads the tables of England:", ""]
    for what, parts in plans.items():
        lines.append(f"- {what}: {'; '.join(parts) or 'no table'}")
    scanned = {what for what, parts in plans.items() if any(p == f"Seq Scan on {t}" for p in parts for t in world.big)}
    return [*lines, "", f"Sequential scans of a big table: {', '.join(sorted(scanned)) or 'none'}.", ""]


INTRODUCTION = """# England

The whole country's records of ten years beside one council's. `make bench-england` makes them, measures and writes this
page; medians of one connection, on 2 cores.
"""


async def main() -> None:
    """Make both for each service, measure both, and write the report."""
    lines = [INTRODUCTION]
    async with server() as running:
        for world in WORLDS:
            lines += await measured(world, running)
        print("A council's ten-year return …", flush=True)
        lines.append(await import_seconds(running))
    REPORT.write_text("\n".join(lines) + "\n")
    print(REPORT.read_text())


if __name__ == "__main__":
    asyncio.run(main())
