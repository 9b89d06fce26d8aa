"""Children as the case-management system sends them: registered and kept current."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import VersionStale, refuse
from chassis.children.events import ChildChanged
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation
from chassis.web.versions import check_version
from services.children.children.models import Child
from services.children.children.schemas import ChildIn
from services.children.conflicts.settling import settle
from services.children.rules import RESTRICTED, child_violations

SENT = tuple(ChildIn.model_fields)


async def put_child(command: Command, person_id: str, version: int | None, wanted: ChildIn) -> tuple[Child, bool]:
    """Register a child or bring their record up to date, whole; the child, and whether it is new.

    Sending the same record again changes nothing. Whatever services disagreed about is settled by it.
    """
    await lock_children(command, [person_id])
    await check_may_see(command, [person_id])
    child = await command.session.get(Child, person_id, with_for_update=True)
    refuse(wrong_with(person_id, wanted, command))
    said = {name: getattr(wanted, name) for name in SENT}
    is_new = child is None
    if child is None:
        if version is not None:
            raise VersionStale("There is no such child any more, or not yet.")
        await check_names(command, named(wanted))
        child = Child(person_id=person_id, registered_on=command.today, sent_at=command.now, **said)
        command.session.add(child)
    else:
        if child.merged_into is not None:
            # A number that was merged is as restricted as the one that stays.
            said[RESTRICTED] = child.restricted
        await settle(command, person_id)
        child.sent_at = command.now
        if all(getattr(child, name) == value for name, value in said.items()):
            return child, False
        check_version(child, version)
        await check_names(command, named(wanted))
        await change(command, child, said)
    await command.session.flush()
    tell(command, child)
    await command.audit("put_child", [person_id], person_id)
    return child, is_new


async def lock_children(command: Command, person_ids: Sequence[str]) -> None:
    """Let nobody else register or change these children meanwhile."""
    for person_id in sorted(person_ids):
        await advisory_lock(command.session, f"child {person_id}")


def wrong_with(person_id: str, wanted: ChildIn, command: Command) -> list[Violation | None]:
    """What cannot be so about a child."""
    family = (wanted.siblings, wanted.mother_person_id)
    return child_violations(person_id, wanted.born_on, wanted.died_on, family, command.today)


def named(wanted: ChildIn) -> list[NamedEntry]:
    """What of the directory a child's record names."""
    colleagues = {name: getattr(wanted, name) for name in ("social_worker_id", "supervisor_id", "manager_id")}
    return [
        NamedEntry("area_id", "area", wanted.area_id),
        *(NamedEntry(name, "colleague", value) for name, value in colleagues.items() if value),
    ]


async def change(command: Command, child: Child, values: dict[str, Any]) -> None:
    """Change a child's record; those merged into this number become as restricted as it."""
    for name, value in values.items():
        setattr(child, name, value)
    child.version += 1
    merged = select(Child).where(col(Child.merged_into) == child.person_id, col(Child.restricted) != child.restricted)
    for below in (await command.session.exec(merged.order_by(col(Child.person_id)).with_for_update())).all():
        await change(command, below, {RESTRICTED: child.restricted})
        tell(command, below)


def tell(command: Command, child: Child) -> None:
    """Publish that a child is new, or changed."""
    command.publish(ChildChanged.model_validate(child, from_attributes=True))
