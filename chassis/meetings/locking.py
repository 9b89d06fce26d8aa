"""How a meeting and the children it is about are locked while somebody changes it."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from chassis.access.visibility import check_may_see
from chassis.base.problems import NotFound
from chassis.command import Command
from chassis.web.versions import check_version

T = TypeVar("T")
MeetingT = TypeVar("MeetingT")
ChildT = TypeVar("ChildT")


def for_update(wanted: SelectOfScalar[T]) -> SelectOfScalar[T]:
    """Lock the rows of a selection, and read them as they are then, also those that the session knows already."""
    return wanted.with_for_update().execution_options(populate_existing=True)


async def locked_with_children(
    session: AsyncSession, meeting: type[MeetingT], child: type[ChildT], reference: str
) -> tuple[MeetingT | None, Sequence[ChildT]]:
    """The meeting with a reference and the children it is about, held against changes by others.

    Children are locked before the meeting, as handing over and merging do, so that no two wait for each other.
    Whatever is read afterwards is as those who had them before have left it.
    """
    meetings, children = cast("Any", meeting), cast("Any", child)
    about = select(func.unnest(meetings.person_ids)).where(meetings.reference == reference)
    of_children = select(child).where(children.person_id.in_(about)).order_by(children.person_id)
    locked = (await session.exec(for_update(of_children))).all()
    found = await session.exec(for_update(select(meeting).where(meetings.reference == reference)))
    return found.first(), locked


async def to_be_changed(command: Command, meeting: T | None, version: int | None) -> T:
    """A meeting that is there and that the caller may see; with a version, it must still be that one."""
    if meeting is None:
        raise NotFound
    found = cast("Any", meeting)
    await check_may_see(command, found.person_ids)
    if version is not None:
        check_version(found, version)
    return meeting
