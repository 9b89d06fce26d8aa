"""Whoever changes a meeting has it and the children it is about to themselves until they are done."""

from typing import Any, TypeVar, cast

from sqlalchemy import Text, bindparam, func, select

from chassis.acting import Acting
from chassis.problems import NotFound
from chassis.rows import Shape, gathered
from chassis.seeing import check_may_see
from chassis.statements import Compiled
from chassis.versions import check_version

T = TypeVar("T")


def locked_with_children(meetings: Shape[Any], children: Shape[Any]) -> Compiled:
    """The statement that locks the meeting with a `reference`: it answers the children's rows, and the meeting's.

    Children before the meeting, as whoever hands over or merges locks them: nobody waits for each other in a circle.
    Whatever is read by a later statement is as those who had them before have left it.
    """
    meeting, child = meetings.table.c, children.table.c
    is_meant = meeting.reference == bindparam("reference", type_=Text())
    about = select(func.unnest(meeting.person_ids)).where(is_meant)
    of_children = select(*children.columns).where(child.person_id.in_(about)).order_by(child.person_id)
    of_meeting = select(*meetings.columns).where(is_meant)
    return Compiled.of(select(gathered(of_children.with_for_update()), gathered(of_meeting.with_for_update())))


async def to_be_changed(act: Acting, meeting: T | None, version: int | None) -> T:
    """A meeting that is there and that the caller may see; with a version, it must still be that one."""
    if meeting is None:
        raise NotFound
    found = cast("Any", meeting)
    await check_may_see(act, found.person_ids)
    if version is not None:
        check_version(found, version)
    return meeting
