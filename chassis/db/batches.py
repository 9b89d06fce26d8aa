"""Many rows changed some at a time: each batch in a transaction of its own, by a loop that says that it is alive."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.process import Process

ALIVE_SECONDS = 120.0


async def in_batches(process: Process, batch: Callable[[AsyncSession], Awaitable[int]]) -> int:
    """Do batches until one finds no rows; how many rows there were.

    `batch` locks the next rows, changes them, and says how many they were.
    """
    total = 0
    while True:
        process.beat(ALIVE_SECONDS)
        async with process.database.transaction() as session:
            count = await batch(session)
        if not count:
            return total
        total += count
