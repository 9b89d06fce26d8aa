"""The part of a service that works without being asked: loops that are kept running until the process stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import structlog

from chassis.process import LOOP, Process

# A loop's own clean-up, such as giving back what it had claimed, may take this long.
STOP_SECONDS = 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# By then a loop has begun its work, or broken, and says more itself.
FIRST_BEAT_SECONDS = 60.0

Loop = Callable[[Process], Awaitable[None]]

log = structlog.get_logger()


async def keep_running(name: str, loop: Loop, process: Process) -> None:
    """Run a loop, and again after a growing pause whenever it breaks, until cancelled.

    Nothing that happens in it ends it, and it says that it is alive: a loop that no longer does is found by health
    checks and an alert.
    """
    LOOP.set(name)
    pause = FIRST_PAUSE
    while True:
        process.beat(FIRST_BEAT_SECONDS)
        began = asyncio.get_running_loop().time()
        try:
            await loop(process)
        except Exception as error:
            with suppress(Exception):
                log.warning("loop_failed", loop=name, exc_info=error)
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        process.beat(FIRST_BEAT_SECONDS)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


@asynccontextmanager
async def running(loops: Mapping[str, Loop], process: Process) -> AsyncIterator[None]:
    """Keep the loops running for the length of a block, then let each put its things in order."""
    tasks = [asyncio.create_task(keep_running(name, loop, process), name=name) for name, loop in loops.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
