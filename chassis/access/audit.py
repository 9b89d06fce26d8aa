"""Who saw or changed what, and who was refused: an append-only table by months, and how to write to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.selectable import CTE
from sqlmodel import Field as Column
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.callers import Caller
from chassis.base import clock
from chassis.base.fields import new_id
from chassis.base.observe import request_id
from chassis.db.columns import TEXTS, Shared
from chassis.db.database import Base, moment

# Makes the partitions of this month and the next three, as far as they are missing.
MAKE_PARTITIONS = "SELECT chassis.make_audit_partitions($1)"


class AuditEntryBase(Shared):
    """What the table and the answers say of a reading, change or refusal."""

    id: UUID = Column(primary_key=True)
    at: datetime = moment(primary_key=True, description="When, in UTC.")
    caller: str = Column(description="Who: a colleague's identifier, or a service's name.")
    roles: list[str] = Column(sa_type=TEXTS, description="The roles that they had then.")
    action: str = Column(
        description="What they did: the operation's name; `refused_403` or `refused_404` where they were refused."
    )
    person_ids: list[str] = Column(
        sa_type=TEXTS, description="The case-management person numbers of the children concerned."
    )
    record: str = Column(description="What they saw or changed.")
    why: str | None = Column(default=None, description="The reason that they gave, if any.")
    request_id: str | None = Column(default=None, description="The request in which it happened.")
    address: str | None = Column(
        default=None, description="Of refusals: the network address that the request came from."
    )


class AuditEntry(Base, AuditEntryBase, table=True):
    """One reading, change or refusal; the database refuses to alter or delete it."""


async def record(
    session: AsyncSession,
    caller: Caller,
    *,
    action: str,
    person_ids: Sequence[str],
    record: str,
    why: str | None = None,
) -> None:
    """Write down, in the caller's transaction, that somebody did something to these children's record.

    `action` is the endpoint's verb, `record` the reference of what was seen or changed.
    """
    session.add(AuditEntry(**entry(caller, action=action, person_ids=person_ids, record=record, why=why)))


def entry(
    caller: Caller, *, action: str, person_ids: Sequence[str], record: str, why: str | None = None
) -> dict[str, Any]:
    """The entry as a plain record, for whoever inserts many rows at once."""
    return {
        "id": new_id(),
        "at": clock.now(),
        "caller": caller.subject,
        "roles": sorted(caller.roles),
        "action": action,
        "person_ids": sorted(set(person_ids)),
        "record": record,
        "why": why or caller.why,
        "request_id": request_id(),
    }


@dataclass(frozen=True)
class Look:
    """A reading to be written down by the very statement that reads.

    `action` is the endpoint's verb, `record` says what was looked at: a reference, or the name of the list.
    """

    caller: Caller
    action: str
    record: str

    def values(self) -> dict[str, Any]:
        """The values of the parameters of `insertion`."""
        values = entry(self.caller, action=self.action, person_ids=(), record=self.record)
        return {f"_audit_{name}": value for name, value in values.items()}


def insertion(seen: CTE) -> Insert:
    """The insertion of one entry about the rows that are answered, whose `person_ids` say whom they concern.

    Nothing is written where nothing was seen. The values of its parameters are those of `Look.values`.
    """
    person = func.unnest(seen.c.person_ids).label("person_id")
    entry: dict[str, Any] = {
        column.name: bindparam(f"_audit_{column.name}", type_=column.type)
        for column in AuditEntry.__table__.c  # type: ignore[attr-defined]
        if column.name != "address"
    }
    entry["person_ids"] = func.array(select(person).distinct().scalar_subquery(), type_=TEXTS)
    return insert(AuditEntry).from_select(list(entry), select(*entry.values()).where(select(seen).exists()))
