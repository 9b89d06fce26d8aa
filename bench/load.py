"""Load on one address, by wrk; two addresses in turn, and the ratio of their medians."""

import asyncio
import re
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3


class NoLoad(Exception):
    """wrk is missing, or what it asked for was not answered well."""


@dataclass(frozen=True)
class Target:
    """What is asked for: an address, headers, and a body if it is a POST."""

    url: str
    headers: dict[str, str]
    body: str | None = None


def _script(target: Target) -> str:
    lines = [f'wrk.headers["{name}"] = "{value}"' for name, value in target.headers.items()]
    if target.body is not None:
        lines += ['wrk.method = "POST"', f"wrk.body = [[{target.body}]]"]
    return "\n".join(lines)


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


async def pair(ours: Target, floor: Target) -> tuple[float, float]:
    """The medians of both rates, measured in turn after a short warming."""
    await rate(ours, 1)
    await rate(floor, 1)
    measured = [(await rate(ours), await rate(floor)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in measured), statistics.median(one for _, one in measured)
