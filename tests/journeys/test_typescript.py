"""The whole life through the published TypeScript client, and a review's through what other generators make."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.journeys.council import Council
from tests.support.system import PROJECT, System, new_system
from tests.support.waiting import PATIENCE

NPM = shutil.which("npm")
TOOLS = PROJECT / "deploy" / "node"
LIFE = PROJECT / "clients/typescript/dist/tests/whole-life.js"

pytestmark = pytest.mark.skipif(NPM is None, reason="There is no Node.js: the TypeScript clients were NOT tried.")


@pytest.fixture
def system() -> Iterator[System]:
    with new_system(demo=False) as system:
        yield system


async def run(command: list[str], seconds: float = 10 * PATIENCE) -> str:
    """What a program said last; it fails with all that it said."""
    ran = await asyncio.to_thread(
        subprocess.run, command, cwd=TOOLS, capture_output=True, text=True, check=False, timeout=seconds
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.strip()


async def say(module: Path, function: str, *arguments: str) -> str:
    """What a function of a compiled module answers."""
    words = ", ".join(json.dumps(argument) for argument in arguments)
    code = f"const module = await import({json.dumps(module.as_uri())}); console.log(await module.{function}({words}))"
    return await run(["node", "--input-type=module", "--eval", code])


async def test_what_generators_make_lives_through_the_real_thing(system: System) -> None:
    assert NPM is not None
    if not (TOOLS / "node_modules").exists():
        await run([NPM, "ci", "--no-audit", "--no-fund", "--silent"])
    for script in ("client", "generators"):
        await run([NPM, "run", "--silent", script])
    council = Council(system)

    await council.at("2020-06-10 09:00")
    await council.fill_directory()
    escalation = await say(LIFE, "meetings", council.gateway)
    for review in ("review-by-openapi-fetch", "review-by-zod"):
        assert await say(TOOLS / f"{review}.js", "life", council.gateway) == "held 1"

    await council.at("2020-07-01 07:59:40")
    await say(LIFE, "escalation", council.gateway, escalation)
