"""Children as the case-management system sends them: registered, kept current, born."""

from datetime import date

from sqlmodel import col, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import refuse
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import NamedEntry, ReplicaEntry, check_names
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.conferences.children.cases import AREA, COLLEAGUE, Case, cases_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.models import Child
from services.conferences.children.schemas import FamilyChildIn

COPIED = tuple(FamilyChildIn.model_fields)
# What the reviews service published about a child not yet known here.
LOOKED_AFTER = "looked_after"


async def put_child(command: Command, person_id: str, version: int | None, wanted: FamilyChildIn) -> tuple[Case, bool]:
    """Register a child or bring their record up to date, whole; the case, and whether it is new.

    Sending the same record again changes nothing.
    """
    await advisory_lock(command.session, f"child {person_id}")
    await check_may_see(command, [person_id])
    child = await command.session.get(Child, person_id, with_for_update=True)
    refuse(wrong_with_child(wanted, command))
    await check_names(command, named(wanted))
    is_new = child is None
    copied = {name: getattr(wanted, name) for name in COPIED}
    if child is None:
        child = Child(person_id=person_id, registered_on=command.today, **copied)
        await _take_over_looked_after(command, child)
        command.session.add(child)
        await command.session.flush()
    case = (await cases_of(command.session, [child]))[0]
    if not is_new:
        check_version(child, version)
        if all(getattr(child, name) == value for name, value in copied.items()):
            return case, False
        child.version += 1
    for name, value in copied.items():
        setattr(child, name, value)
    await refresh(command, [case])
    await command.audit("put_child", [person_id], person_id)
    return case, is_new


def wrong_with_child(wanted: FamilyChildIn, command: Command) -> list[Violation | None]:
    """What cannot be so about a child."""
    refusals = [future_violation(name, getattr(wanted, name), command.today) for name in ("born_on", "died_on")]
    if wanted.died_on is not None and wanted.born_on is not None and wanted.died_on < wanted.born_on:
        refusals.append(Violation("died_on", "after_birth", f"The child was born on {wanted.born_on}."))
    return refusals


def named(wanted: FamilyChildIn) -> list[NamedEntry]:
    """What of the directory a child's record names."""
    colleagues = {name: getattr(wanted, name) for name in ("social_worker_id", "supervisor_id", "manager_id")}
    return [
        NamedEntry("area_id", AREA, wanted.area_id),
        *(NamedEntry(name, COLLEAGUE, value) for name, value in colleagues.items() if value),
    ]


def looked_after_lock(person_id: str) -> str:
    """The lock under which a child is registered, or recorded as looked after."""
    return f"{LOOKED_AFTER} {person_id}"


async def _take_over_looked_after(command: Command, child: Child) -> None:
    """A child may be looked after before a conference knows of them."""
    await advisory_lock(command.session, looked_after_lock(child.person_id))
    query = select(ReplicaEntry).where(col(ReplicaEntry.kind) == LOOKED_AFTER, col(ReplicaEntry.id) == child.person_id)
    entry = (await command.session.exec(query)).first()
    if entry is not None:
        take_over_looked_after(child, entry)


def take_over_looked_after(child: Child, entry: ReplicaEntry) -> None:
    """Copy to a new child what the reviews service published before."""
    since = entry.attributes.get("since")
    child.looked_after_since = None if since is None else date.fromisoformat(since)
    child.looked_after_version = entry.version
