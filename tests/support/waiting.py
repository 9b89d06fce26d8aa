"""Waiting for what happens by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

# How long a test waits before it gives up: a busy machine is slow, and a condition that holds ends the wait at once.
PATIENCE = 60.0


async def eventually(question: Callable[[], Awaitable[Any]], seconds: float = PATIENCE, *, every: float = 0.02) -> Any:
    """The first answer that is true; the last one when time is up. It is asked again after so many seconds."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (answer := await question()) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(every)
    return answer
