"""Children whom other services found, in what was imported there: taken in, compared, and told to everybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from chassis.base import clock
from chassis.children.models import IDENTITY, ChildIdentityBase
from chassis.command import Command, command_for
from chassis.events.inbox import Receipt
from chassis.process import Process
from services.children.children.actions import change, lock_children, tell
from services.children.children.models import Child
from services.children.clients import finders
from services.children.conflicts.models import ChildConflict
from services.children.merges.models import PersonMerge
from services.children.rules import RESTRICTED, Disagreement, combined

REVIEWS = "reviews"
# What an import knows of a child, besides their number.
SAID = tuple(name for name in IDENTITY if name not in {"person_id", "version"})


async def take_in(command: Command, person_ids: Sequence[str]) -> int:
    """Ask every service what it found of these children; how many were not known here.

    A child whom the case-management system sent is only told again. Of any other, what is empty is filled, and what
    services disagree about is kept for somebody to settle.
    """
    found: defaultdict[str, list[tuple[str, ChildIdentityBase]]] = defaultdict(list)
    for source, finder in finders(command.process).items():
        for identity in await finder.found(person_ids):
            found[identity.person_id].append((source, identity))
    await lock_children(command, list(found))
    query = select(Child).where(col(Child.person_id).in_(found)).with_for_update()
    known = {child.person_id: child for child in (await command.session.exec(query)).all()}
    for person_id, said in sorted(found.items()):
        child = known.get(person_id) or _new(command, said[0][1])
        if child.sent_at is None:
            await _compare(command, child, said)
        tell(command, child)
    fresh = found.keys() - known.keys()
    if fresh:
        await command.audit("take_in_children", sorted(fresh), f"{min(fresh)} and {len(fresh) - 1} more")
    return len(fresh)


def _new(command: Command, identity: ChildIdentityBase) -> Child:
    values = {name: getattr(identity, name) for name in SAID}
    child = Child(person_id=identity.person_id, registered_on=command.today, version=1, **values)
    command.session.add(child)
    return child


async def _compare(command: Command, child: Child, said: Sequence[tuple[str, ChildIdentityBase]]) -> None:
    known = {name: getattr(child, name) for name in SAID}
    # Restricted by one of them, a child is restricted.
    whole = known | {RESTRICTED: child.restricted or any(identity.restricted for _, identity in said)}
    disagreements = list[Disagreement]()
    for source, identity in said:
        whole, others = combined(whole, source, {name: getattr(identity, name) for name in SAID})
        disagreements += others
    await command.session.flush()
    if whole != known:
        await change(command, child, whole)
    await _keep(command, child.person_id, disagreements)


async def _keep(command: Command, person_id: str, disagreements: Sequence[Disagreement]) -> None:
    """Keep what is disagreed about, once."""
    if not disagreements:
        return
    query = select(ChildConflict).where(col(ChildConflict.person_id) == person_id)
    known = {(row.field, row.source, row.found) for row in (await command.session.exec(query)).all()}
    for field, source, kept, found in disagreements:
        if (field, source, in_words(found)) not in known:
            conflict = ChildConflict(
                person_id=person_id,
                field=field,
                source=source,
                kept=in_words(kept),
                found=in_words(found),
                found_at=command.now,
            )
            command.session.add(conflict)


def in_words(value: Any) -> str:
    """A value of a record as text."""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass
class Gathered:
    """How many children were looked at, how many of them were new, and how many merges were taken over."""

    children: int = 0
    new: int = 0
    merges: int = 0


async def gather(process: Process) -> Gathered:
    """Take in everybody whom services found, page by page, and the merges that reviews kept; it can be done again."""
    known, gathered = finders(process), Gathered()
    for finder in known.values():
        after = ""
        while page := await finder.found_after(after):
            person_ids = [identity.person_id for identity in page]
            async with process.database.transaction() as session:
                command = command_for(Receipt(session, process, clock.now()))
                gathered.new += await take_in(command, person_ids)
            gathered.children += len(person_ids)
            after = person_ids[-1]
    if REVIEWS in known:
        merges = [merge.model_dump() for merge in await known[REVIEWS].earlier_merges()]
        async with process.database.transaction() as session:
            fresh = insert(PersonMerge).on_conflict_do_nothing().returning(col(PersonMerge.id))
            gathered.merges = len((await session.exec(fresh.values(merges))).all()) if merges else 0
    return gathered
