"""Turns: what must not be done twice at the same time is done by one transaction after the other."""

from sqlalchemy import func, select
from sqlmodel.ext.asyncio.session import AsyncSession


async def take_turn(session: AsyncSession, thing: str) -> None:
    """Wait until no other transaction has its turn with this thing, and keep it until this one ends.

    For things that may have no row yet which could be locked. What was committed meanwhile is seen afterwards.
    """
    await (await session.connection()).execute(select(func.pg_advisory_xact_lock(func.hashtext(thing))))
