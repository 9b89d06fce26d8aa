"""The bench's table: each line is measured at 1 and at 16 connections, and stands beside its budget."""

import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.load import SECONDS, Took

REPORT = Path(__file__).parent.parent / "docs" / "bench.md"

HEADING = """\
| what | 1 connection, ms | 16 connections, ms | per second | CPU, ms | budget | found | met |
| --- | ---: | ---: | ---: | ---: | --- | ---: | --- |"""


@dataclass(frozen=True)
class Line:
    """One line: milliseconds at the 50th, 95th and 99th percentile, those of a core for a request, and the budget."""

    what: str
    at_1: Took | None = None
    at_16: Took | None = None
    cpu: float | None = None
    budget: str = ""
    found: float | None = None

    @property
    def rate(self) -> float:
        """How many are answered per second at 16 connections."""
        return self.at_16.rate if self.at_16 else 0

    def __str__(self) -> str:
        rate = f"{self.rate:,.0f}" if self.at_16 else ""
        cpu = "" if self.cpu is None else f"{self.cpu:.1f}"
        found = "" if self.found is None else f"{self.found:,.1f}"
        parts = (self.what, self.at_1 or "", self.at_16 or "", rate, cpu, self.budget, found, self._met())
        return f"| {' | '.join(map(str, parts))} |"

    def _met(self) -> str:
        limit = re.search(r"([≤≥]) ([\d.]+)", self.budget)
        if limit is None or self.found is None:
            return ""
        below = self.found <= float(limit[2])
        return "yes" if below == (limit[1] == "≤") else "no"


def conditions(how: str = f"for {SECONDS:g} s a line") -> str:
    """A sentence about the machine, and how busy it is with other things; said before anything is measured."""
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} {how}: {os.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}; a load of {os.getloadavg()[0]:.1f} before it began."
    )


def publish(part: str, results: str) -> None:
    """Print results and put them in their place in docs/bench.md."""
    print(results)
    place = re.compile(f"(?<=<!-- {part} -->\n).*(?=<!-- end of {part} -->)", re.DOTALL)
    REPORT.write_text(place.sub(lambda _: f"{results}\n", REPORT.read_text()))
