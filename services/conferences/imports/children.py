"""Children whom rows of an import name: one who has no row here yet gets one."""

from collections.abc import Collection

from sqlalchemy import text
from sqlmodel import col, select

from chassis.children.replica import known_children
from chassis.command import Command
from chassis.meetings.locking import for_update
from services.conferences.children.models import Protection
from services.conferences.children.replica import add_protections


async def hold_still(command: Command) -> None:
    """Who is looked after is not told until the import is over: either it is read here, or it finds the child."""
    lock = text("LOCK TABLE chassis.copy IN SHARE MODE")
    await command.session.exec(lock)  # type: ignore[call-overload]


async def protections(command: Command, person_ids: Collection[str]) -> list[Protection]:
    """The rows about these children, locked, by number; whoever nobody knows is missing."""
    known = await known_children(command, sorted(person_ids))
    await add_protections(command.session, sorted(known), command.today)
    query = select(Protection).where(col(Protection.person_id).in_(known)).order_by(col(Protection.person_id))
    return list((await command.session.exec(for_update(query))).all())
