"""Says what is going on, as far as it takes long enough to wonder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

SOON, LATER = 1.0, 5.0


def say(words: str) -> None:
    """Show a line at once, wherever the output goes."""
    # Nothing that is kept running ends because nobody reads any more, or the disk is full.
    with suppress(OSError, ValueError):
        print(words, flush=True)


@asynccontextmanager
async def step(words: str) -> AsyncIterator[None]:
    """Say what the block does once it takes longer than a second, and every few seconds that it goes on."""
    telling = asyncio.create_task(_tell(words))
    try:
        yield
    finally:
        telling.cancel()


async def _tell(words: str) -> None:
    await asyncio.sleep(SOON)
    say(f"{words} …")
    seconds = SOON
    while True:
        await asyncio.sleep(LATER)
        seconds += LATER
        say(f"{words} … ({seconds:.0f} seconds)")
