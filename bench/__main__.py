"""Measures the real system beside its budgets and its peers, and writes docs/bench.md: `make bench`."""

import asyncio

from bench.comparing import comparing
from bench.reading import reading
from bench.system import System, running
from bench.table import HEADING, Line, conditions, publish
from bench.writing import writing


async def main() -> None:
    """Measure and write it down."""
    said = conditions()
    async with running() as system:
        lines = _starting(system)
        for part in (reading, writing, comparing):
            print(f"{part.__name__.capitalize()} …", flush=True)
            lines += await part(system)
    publish("results", "\n".join([said, "", HEADING, *map(str, lines)]))


def _starting(system: System) -> list[Line]:
    """How long the start took, and what memory the largest process has after it."""
    memory = system.memory()
    largest = max(memory, key=lambda name: memory[name])
    return [
        Line("start with its data, seconds", budget="≤ 8 s", found=system.warm),
        Line("start without, seconds", budget="≤ 15 s", found=system.cold),
        Line(f"memory of the largest process ({largest}), MB", budget="≤ 120 MB", found=memory[largest]),
    ]


if __name__ == "__main__":
    asyncio.run(main())
