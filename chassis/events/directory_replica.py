"""A replica of entries that another service owns: that they are there, until when, and what else is read of them.

A service declares the owner's event with only what it reads, subscribes with `subscription`, and refuses requests that
name nobody with `check_names`.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field as Column
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import FieldError, Invalid
from chassis.command import Command
from chassis.db.database import Base
from chassis.db.statements import Statements
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription

# What was found is believed for so long; whoever was not found is looked up each time.
REMEMBERED_SECONDS = 5.0
FIND = """
    SELECT copy.kind, copy.id, copy.ends_on,
        ARRAY(SELECT jsonb_array_elements_text(copy.attributes->'roles')) AS roles
    FROM chassis.copy copy
    JOIN unnest($1::text[], $2::text[]) AS wanted (kind, id) ON wanted.kind = copy.kind AND wanted.id = copy.id
"""


class EntryChanged(ReceivedEvent):
    """What is read of a change in an entry of another service; further fields are kept as its attributes."""

    id: str
    version: int
    ends_on: date | None = None


class ReplicaEntry(Base, table=True):
    """What a service needs to know of an entry that another one owns."""

    __tablename__ = "copy"

    kind: str = Column(primary_key=True)
    id: str = Column(primary_key=True)
    ends_on: date | None = None
    version: int
    attributes: dict[str, Any] = Column(default_factory=dict, sa_type=JSONB)


def subscription(event: type[EntryChanged], kind: str) -> Subscription:
    """Follow the entries of this kind: what is newer than what is known, in whichever order events arrive."""

    async def keep(told: EntryChanged, receipt: Receipt) -> None:
        attributes = told.model_dump(mode="json", exclude=set(EntryChanged.model_fields))
        await keep_entry(receipt.session, kind, told.id, told.version, attributes, told.ends_on)

    return Subscription(event, keep)


async def keep_entry(
    session: AsyncSession,
    kind: str,
    id_: str,
    version: int,
    attributes: Mapping[str, Any],
    ends_on: date | None = None,
) -> None:
    """Keep what an event says of an entry; what is older than what is known changes nothing."""
    kept = insert(ReplicaEntry).values(kind=kind, id=id_, ends_on=ends_on, version=version, attributes=attributes)
    newer = kept.on_conflict_do_update(
        index_elements=["kind", "id"],
        set_={name: kept.excluded[name] for name in ("ends_on", "version", "attributes")},
        where=col(ReplicaEntry.version) < kept.excluded.version,
    )
    await session.exec(newer)


@dataclass(frozen=True)
class NamedEntry:
    """An entry that a field of a request names, perhaps with one of its roles, which may have a field of its own."""

    field: str
    kind: str
    id: str
    role: str | None = None
    role_field: str | None = None


@dataclass(frozen=True)
class Entry:
    """What is known of an entry."""

    roles: frozenset[str]
    ends_on: date | None
    believed_until: float


Known = dict[tuple[str, str], Entry]
_known: WeakKeyDictionary[Statements, Known] = WeakKeyDictionary()


async def wrong_names(command: Command, named: Iterable[NamedEntry]) -> list[FieldError]:
    """What is wrong with the names given: nobody there, somebody who left, or a role that the entry does not have."""
    wanted = list(named)
    known = await _entries(command.process.database.statements, {(one.kind, one.id) for one in wanted})
    errors = []
    for one in wanted:
        found = known.get((one.kind, one.id))
        if found is None or (found.ends_on is not None and found.ends_on < command.today):
            message = f"The directory has no such {one.kind}."
            errors.append(FieldError(field=one.field, rule="in_directory", message=message))
        elif one.role is not None and one.role not in found.roles:
            message = f"The {one.kind}'s roles are: {', '.join(sorted(found.roles)) or 'none'}."
            errors.append(FieldError(field=one.role_field or one.field, rule=f"{one.kind}_role", message=message))
    return errors


async def check_names(command: Command, named: Iterable[NamedEntry]) -> None:
    """Refuse a request that names nobody: `Invalid` with each field at fault."""
    if errors := await wrong_names(command, named):
        raise Invalid.of(errors)


async def has_ended(session: AsyncSession, kind: str, id_: str, today: date) -> bool:
    """Whether an entry has ended by today, as the replica says now; whoever ends on a day is there until its end."""
    found = await session.get(ReplicaEntry, (kind, id_))
    return found is not None and found.ends_on is not None and found.ends_on < today


async def _entries(statements: Statements, keys: set[tuple[str, str]]) -> Known:
    known = _known.setdefault(statements, {})
    moment = asyncio.get_running_loop().time()
    unknown = [key for key in keys if key not in known or known[key].believed_until < moment]
    if unknown:
        kinds, ids = [kind for kind, _ in unknown], [key for _, key in unknown]
        rows = await statements.rows(FIND, kinds, ids)
        # Only now: whoever waits for other entries meanwhile still relies on these.
        for key in unknown:
            known.pop(key, None)
        for row in rows:
            until = moment + REMEMBERED_SECONDS
            known[row["kind"], row["id"]] = Entry(frozenset(row["roles"]), row["ends_on"], until)
    return known
