"""Whoever changes a meeting has it and the children it is about to themselves until they are done."""

from typing import Any

from sqlalchemy import Text, bindparam, func, select

from chassis.rows import Shape, gathered
from chassis.statements import Compiled


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
