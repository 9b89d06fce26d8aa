"""Merging two person numbers of one child, and undoing that."""

from uuid import UUID

from sqlmodel import col, select

from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.problems import Conflict, NotFound, refuse
from chassis.children.events import ChildMerged, ChildMergeUndone
from chassis.command import Command
from chassis.law.violations import Violation
from services.children.children.actions import change, lock_children, tell
from services.children.children.models import Child
from services.children.clients import finders
from services.children.merges.models import PersonMerge
from services.children.merges.schemas import MergeIn
from services.children.rules import RESTRICTED


class NotToBeMerged(Conflict):
    """These two numbers cannot be one child: both are in the same meeting."""


class MergeUndone(Conflict):
    """This merge has already been undone."""


async def merge_child(command: Command, person_id: str, wanted: MergeIn) -> PersonMerge:
    """Merge a number into another number of the same child; the services move their records by themselves.

    Both numbers are restricted if one of them was.
    """
    gone, kept = await _both(command, person_id, wanted.into_person_id)
    references = [
        reference
        for finder in finders(command.process).values()
        for reference in await finder.common_meetings(gone.person_id, kept.person_id)
    ]
    if references:
        raise NotToBeMerged(references=sorted(references))
    merge = PersonMerge(
        from_person_id=gone.person_id,
        into_person_id=kept.person_id,
        merged_at=command.now,
        merged_by=command.caller.subject,
        reason=wanted.reason,
    )
    command.session.add(merge)
    restricted = gone.restricted or kept.restricted
    if kept.restricted != restricted:
        await change(command, kept, {RESTRICTED: restricted})
    await change(command, gone, {"merged_into": kept.person_id, RESTRICTED: restricted})
    tell(command, kept)
    tell(command, gone)
    command.publish(ChildMerged(merge_id=merge.id, **merge.model_dump(include=set(ChildMerged.model_fields))))
    await command.audit("merge_child", [gone.person_id, kept.person_id], str(merge.id), wanted.reason)
    return merge


async def undo_merge(command: Command, merge_id: UUID) -> PersonMerge:
    """Undo a merge: both numbers stay restricted until somebody says otherwise."""
    merge = await command.session.get(PersonMerge, merge_id, with_for_update=True)
    if merge is None:
        raise NotFound
    await check_may_see(command, [merge.from_person_id, merge.into_person_id])
    if merge.undone_at is not None:
        raise MergeUndone
    await lock_children(command, [merge.from_person_id, merge.into_person_id])
    gone = await command.session.get_one(Child, merge.from_person_id, with_for_update=True)
    merge.undone_at, merge.undone_by = command.now, command.caller.subject
    await change(command, gone, {"merged_into": None})
    tell(command, gone)
    command.publish(ChildMergeUndone(merge_id=merge.id, **merge.model_dump(include=set(ChildMergeUndone.model_fields))))
    await command.audit("undo_merge", [merge.from_person_id, merge.into_person_id], str(merge.id), merge.reason)
    return merge


async def _both(command: Command, person_id: str, into_person_id: str) -> tuple[Child, Child]:
    """The two numbers, locked; refused where they cannot be merged."""
    if person_id == into_person_id:
        refuse([Violation("into_person_id", "another_number", "A number is not merged into itself.")])
    await lock_children(command, [person_id, into_person_id])
    query = select(Child).where(col(Child.person_id).in_([person_id, into_person_id]))
    rows = (await command.session.exec(query.order_by(col(Child.person_id)).with_for_update())).all()
    hidden = await hidden_among(command, [person_id, into_person_id])
    children = {child.person_id: child for child in rows if child.person_id not in hidden}
    if person_id not in children:
        raise NotFound
    if into_person_id not in children:
        message = "There is no such child, or you cannot see the record."
        refuse([Violation("into_person_id", "known_child", message)])
    gone, kept = children[person_id], children[into_person_id]
    refuse(
        Violation("into_person_id", "not_merged", f"{child.person_id} was merged into another number already.")
        for child in (gone, kept)
        if child.merged_into is not None
    )
    return gone, kept
