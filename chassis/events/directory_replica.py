"""A replica of entries that another service owns: that they are there, until when, and what else is read of them.

Services follow the directory with `COLLEAGUES`, `AGENCIES` and `AREAS`, and refuse names that do not exist with
`check_names`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field as Column
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.db.database import Base
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.law.violations import Violation

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

    async def keep(changed: EntryChanged, receipt: Receipt) -> None:
        await keep_changed(changed, receipt, kind)

    return Subscription(event, keep)


async def keep_changed(changed: EntryChanged, receipt: Receipt, kind: str) -> None:
    """Keep an entry of this kind as an event has it."""
    attributes = changed.model_dump(mode="json", exclude=set(EntryChanged.model_fields))
    await keep_entry(receipt.session, kind, changed.id, changed.version, attributes, changed.ends_on)


class ColleagueChanged(EntryChanged):
    """A colleague came, changed or left."""

    source = "notifications"
    type = "directory.colleague_changed"

    roles: list[str] = Field(default_factory=list)
    area_id: str | None = None
    full_time_equivalent: float | None = None
    address_changed: bool = Field(default=False, exclude=True)


class AgencyChanged(EntryChanged):
    """An agency, or its roles, changed."""

    source = "notifications"
    type = "directory.agency_changed"

    roles: list[str] = Field(default_factory=list)


class AreaChanged(EntryChanged):
    """An area changed."""

    source = "notifications"
    type = "directory.area_changed"


COLLEAGUES = subscription(ColleagueChanged, "colleague")
AGENCIES = subscription(AgencyChanged, "agency")
AREAS = subscription(AreaChanged, "area")


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


async def wrong_names(command: Command, named: Iterable[NamedEntry]) -> list[Violation]:
    """What is wrong with the names given: unknown, no longer there, or without the role."""
    entries = list(named)
    found = await command.process.database.statements.rows(
        FIND, [entry.kind for entry in entries], [entry.id for entry in entries]
    )
    known = {(row["kind"], row["id"]): row for row in found}
    errors = []
    for entry in entries:
        row = known.get((entry.kind, entry.id))
        if row is None or (row["ends_on"] is not None and row["ends_on"] < command.today):
            message = f"The directory has no such {entry.kind}."
            errors.append(Violation(entry.field, "in_directory", message))
        elif entry.role is not None and entry.role not in row["roles"]:
            message = f"The {entry.kind}'s roles are: {', '.join(sorted(row['roles'])) or 'none'}."
            errors.append(Violation(entry.role_field or entry.field, f"{entry.kind}_role", message))
    return errors


async def check_names(command: Command, named: Iterable[NamedEntry]) -> None:
    """Refuse a request that names what does not exist: `Invalid` with each field at fault."""
    refuse(await wrong_names(command, named))


async def has_ended(session: AsyncSession, kind: str, id_: str, today: date) -> bool:
    """Whether an entry has ended by today, as the replica says now; the day on which it ends still counts."""
    found = await session.get(ReplicaEntry, (kind, id_))
    return found is not None and found.ends_on is not None and found.ends_on < today
