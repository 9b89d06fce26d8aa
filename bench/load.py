"""Load on one address, by wrk; two addresses in turn, and the ratio of their medians."""

import asyncio
import re
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench.system import Program

CONNECTIONS = 16
SECONDS = 2
# The machine changes its mind every few seconds: short rounds have both meet the same of it.
ROUNDS = 9
# Until each connection has its plans.
WARMING = 3


class NoLoad(Exception):
    """wrk is missing, or what it asked for was not answered well."""


@dataclass(frozen=True)
class Target:
    """What is asked for: an address, headers, a body if it is a POST, and what the load program is told besides."""

    url: str
    headers: dict[str, str]
    body: str | None = None
    script: str = ""


def at_each(
    running: Sequence[Program], path: str, headers: dict[str, str] | None = None, body: str | None = None
) -> list[Target]:
    """The same question to each of these processes."""
    return [Target(one.url + path, headers or {}, body) for one in running]


def _script(target: Target) -> str:
    lines = [f'wrk.headers["{name}"] = "{value}"' for name, value in target.headers.items()]
    if target.body is not None:
        lines += ['wrk.method = "POST"', f"wrk.body = [[{target.body}]]"]
    return "\n".join([*lines, target.script])


async def rate(target: Target, seconds: int = SECONDS) -> float:
    """Requests answered per second."""
    program = shutil.which("wrk")
    if program is None:
        raise NoLoad("wrk is not installed: apt-get install wrk.")
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as file:
        file.write(_script(target))
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", file.name, target.url]
    running = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output = (await running.communicate())[0].decode()
    Path(file.name).unlink()
    if "Non-2xx" in output or ("Socket errors" in output and "read 0" not in output):
        raise NoLoad(output)
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise NoLoad(output)
    return float(found[1])


Asked = Target | Callable[[], Target]


def _next(asked: Asked) -> Target:
    return asked if isinstance(asked, Target) else asked()


async def pair(ours: Sequence[Asked], floor: Sequence[Asked]) -> tuple[float, float]:
    """The medians of both rates, measured in turn after a short warming, of one process after the other.

    A target may be another one each time.
    """
    for asked in (*ours, *floor):
        await rate(_next(asked), WARMING)
    turns = zip(cycle(ours), cycle(floor), range(ROUNDS), strict=False)
    measured = [(await rate(_next(one)), await rate(_next(other))) for one, other, _ in turns]
    return statistics.median(one for one, _ in measured), statistics.median(one for _, one in measured)
