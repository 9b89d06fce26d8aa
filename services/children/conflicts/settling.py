"""Conflicts are settled when somebody sends the child's record anew."""

from sqlalchemy import update
from sqlmodel import col

from chassis.command import Command
from services.children.conflicts.models import ChildConflict


async def settle(command: Command, person_id: str) -> None:
    """Whatever services disagreed about of this child is settled: the record that was sent is right."""
    open_ones = update(ChildConflict).where(
        col(ChildConflict.person_id) == person_id, col(ChildConflict.settled_at).is_(None)
    )
    settled = {"settled_at": command.now, "settled_by": command.caller.subject}
    await command.session.exec(open_ones.values(settled))
