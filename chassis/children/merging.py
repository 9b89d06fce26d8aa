"""Two person numbers of one child: what a service keeps about the one follows a merge to the other, and back.

Events may come twice, or the undoing before the merge: what a merge moved is kept by its identifier.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, any_, func, literal, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.children.events import ChildMergedReceived, ChildMergeUndoneReceived
from chassis.command import command_for
from chassis.db.database import advisory_lock
from chassis.events.inbox import Receipt, Subscription


class MovedByMergeColumns(SQLModel):
    """The columns of a service's table of merges: `moved` lists the rows that followed, by table."""

    merge_id: UUID = Column(primary_key=True)
    moved: dict[str, list[str]] = Column(default_factory=dict, sa_type=JSONB)
    undone: bool = False


Kept = TypeVar("Kept", bound=MovedByMergeColumns)


async def begin_merge(session: AsyncSession, table: type[Kept], merge_id: UUID) -> Kept | None:
    """The new row of a merge; none where it was followed, or undone, before."""
    await advisory_lock(session, f"merge {merge_id}")
    if await session.get(table, merge_id) is not None:
        return None
    kept = table(merge_id=merge_id)
    session.add(kept)
    return kept


async def begin_undoing(session: AsyncSession, table: type[Kept], merge_id: UUID) -> Kept | None:
    """The row of a merge that is to be undone; none where there is nothing to undo. It will not be followed later."""
    await advisory_lock(session, f"merge {merge_id}")
    kept = await session.get(table, merge_id)
    if kept is None:
        session.add(table(merge_id=merge_id, undone=True))
        return None
    was_undone, kept.undone = kept.undone, True
    return None if was_undone else kept


async def rows_of_several(session: AsyncSession, table: Any, here: str, there: str, *where: Any) -> list[UUID]:
    """The rows about several children that name one number and not the other."""
    query = select(table.id).where(
        literal(here, Text) == any_(table.person_ids), ~(literal(there, Text) == any_(table.person_ids)), *where
    )
    return list((await session.exec(query)).all())


async def rename(session: AsyncSession, table: Any, ids: Sequence[UUID], here: str, there: str) -> None:
    """Put another number into rows about one child or about several, and count the change where versions are kept."""
    values: dict[str, Any] = {"person_id": there}
    if hasattr(table, "person_ids"):
        values = {"person_ids": func.array_replace(table.person_ids, literal(here, Text), literal(there, Text))}
    if hasattr(table, "version"):
        values["version"] = table.version + 1
    await session.exec(update(table).where(table.id.in_(ids)).values(values))


def following_merges(kept_in: type[MovedByMergeColumns], *tables: Any) -> tuple[Subscription, ...]:
    """Follow merges in tables whose rows are about several children."""

    async def merge(event: ChildMergedReceived, receipt: Receipt) -> None:
        kept = await begin_merge(receipt.session, kept_in, event.merge_id)
        if kept is None:
            return
        here, there = event.from_person_id, event.into_person_id
        found = {table: await rows_of_several(receipt.session, table, here, there) for table in tables}
        kept.moved = {table.__tablename__: [str(row_id) for row_id in ids] for table, ids in found.items()}
        for table, ids in found.items():
            await rename(receipt.session, table, ids, here, there)
        command = command_for(receipt, event.merged_by)
        await command.audit("follow_merge", [here, there], f"{here} into {there}")

    async def undo(event: ChildMergeUndoneReceived, receipt: Receipt) -> None:
        kept = await begin_undoing(receipt.session, kept_in, event.merge_id)
        if kept is None:
            return
        here, there = event.from_person_id, event.into_person_id
        for table in tables:
            await rename(receipt.session, table, [UUID(row) for row in kept.moved[table.__tablename__]], there, here)
        command = command_for(receipt, event.undone_by)
        await command.audit("follow_undone_merge", [here, there], f"{here} from {there}")

    return Subscription(ChildMergedReceived, merge), Subscription(ChildMergeUndoneReceived, undo)
