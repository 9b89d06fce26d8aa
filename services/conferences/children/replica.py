"""The rows about children: one comes with the first that names a child whom the children service knows."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Date, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.children.replica import known_children
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.meetings.locking import for_update
from services.conferences.children.models import Protection

# What the reviews service published about a child who is not known here yet.
LOOKED_AFTER = "looked_after"
ADD = text("""
    INSERT INTO protection (person_id, registered_on, looked_after_since, looked_after_version, version)
    SELECT child.person_id, :today, CAST(known.attributes->>'since' AS date), coalesce(known.version, 0), 1
    FROM unnest(:person_ids) AS child (person_id)
    LEFT JOIN chassis.copy known ON known.kind = 'looked_after' AND known.id = child.person_id
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("today", type_=Date), bindparam("person_ids", type_=ARRAY(Text)))


async def protections(command: Command, person_ids: Sequence[str]) -> dict[str, Protection]:
    """The rows about children, locked, by person number; whoever nobody knows is missing.

    Who is new here is asked for at the children service, if need be.
    """
    rows = await _locked(command.session, person_ids)
    if new := sorted(await known_children(command, sorted({*person_ids} - rows.keys()))):
        for person_id in new:
            await advisory_lock(command.session, looked_after_lock(person_id))
        await add_protections(command.session, new, command.today)
        rows |= await _locked(command.session, new)
    return rows


async def add_protections(session: AsyncSession, person_ids: Collection[str], today: date) -> None:
    """Add the rows of children who have none, with what the reviews service published before."""
    await (await session.connection()).execute(ADD, {"today": today, "person_ids": list(person_ids)})


def looked_after_lock(person_id: str) -> str:
    """The lock under which a child is first known here, or recorded as looked after."""
    return f"{LOOKED_AFTER} {person_id}"


async def _locked(session: AsyncSession, person_ids: Collection[str]) -> dict[str, Protection]:
    query = select(Protection).where(col(Protection.person_id).in_(person_ids)).order_by(col(Protection.person_id))
    return {row.person_id: row for row in (await session.exec(for_update(query))).all()}
