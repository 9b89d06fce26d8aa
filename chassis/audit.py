"""Who saw or changed which child's record: an append-only table and the administrators' question to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import ARRAY as SQL_ARRAY
from sqlalchemy import Text, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.selectable import CTE
from sqlmodel import Field as Column
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis import clock
from chassis.callers import Caller, Role, may
from chassis.db import Reading, moment
from chassis.ids import new_id
from chassis.observe import request_id
from chassis.pagination import Page, Paging, json_page
from chassis.problems import Forbidden, Invalid, NotSignedIn, responses
from chassis.tables import Base

TEXTS: Any = ARRAY(Text)


class AuditEntry(Base, table=True):
    """One reading or change of children's records; the database refuses to alter or delete it."""

    id: UUID = Column(primary_key=True)
    at: datetime = moment()
    caller: str
    roles: list[str] = Column(sa_type=TEXTS)
    action: str
    person_ids: list[str] = Column(sa_type=TEXTS)
    record: str
    why: str | None = None
    request_id: str | None = None


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
    session.add(
        AuditEntry(
            id=new_id(),
            at=clock.now(),
            caller=caller.subject,
            roles=sorted(caller.roles),
            action=action,
            person_ids=sorted(set(person_ids)),
            record=record,
            why=why or caller.why,
            request_id=request_id(),
        )
    )


@dataclass(frozen=True)
class Look:
    """Writes down, in the statement that reads them, whose records a list or a single answer showed.

    `person_ids` names the statement's column that holds the children's numbers (text, or an array of text), and
    `record` says what was looked at, such as a reference or the name of the list.
    """

    caller: Caller
    action: str
    record: str
    person_ids: str = "person_ids"

    def insert(self, seen: CTE) -> Insert:
        """The insertion of one entry for all the rows seen; none if there were none."""
        column = seen.c[self.person_ids]
        each = func.unnest(column) if isinstance(column.type, SQL_ARRAY) else column
        people = func.array(select(each.label("person_id")).distinct().scalar_subquery(), type_=TEXTS)
        entry: dict[str, Any] = {
            "id": literal(new_id()),
            "at": literal(clock.now(), AuditEntry.__table__.c.at.type),  # type: ignore[attr-defined]
            "caller": literal(self.caller.subject),
            "roles": literal(sorted(self.caller.roles), TEXTS),
            "action": literal(self.action),
            "person_ids": people,
            "record": literal(self.record),
            "why": literal(self.caller.why, Text),
            "request_id": literal(request_id(), Text),
        }
        rows = select(*entry.values()).where(select(seen).exists())
        return insert(AuditEntry).from_select(list(entry), rows)


class AuditEntryOut(BaseModel):
    """One reading or change of children's records."""

    id: UUID
    at: datetime = Field(description="When, in UTC.")
    caller: str = Field(description="Who: a colleague's identifier, or a service's name.")
    roles: list[str] = Field(description="The roles that they had then.")
    action: str = Field(description="What they did: the operation's name.")
    person_ids: list[str] = Field(description="The case-management person numbers of the children concerned.")
    record: str = Field(description="What they saw or changed.")
    why: str | None = Field(description="The reason that they gave, if any.")
    request_id: str | None = Field(description="The request in which it happened.")


class AuditEntryPage(Page[AuditEntryOut]):
    """One page of the audit, newest first."""


def router(service: str) -> APIRouter:
    """The audit's endpoint of one service."""
    routes = APIRouter(prefix=f"/v1/services/{service}", tags=["audit"])

    @routes.get(
        "/audit-entries",
        operation_id=f"list_{service}_audit_entries",
        response_model=AuditEntryPage,
        responses=responses(Invalid, NotSignedIn, Forbidden),
    )
    async def list_audit_entries(
        session: Reading,
        paging: Paging,
        caller: Annotated[Caller, may(Role.ADMINISTRATOR)],
        person_id: Annotated[str | None, Query(description="Only what concerns this child.")] = None,
        seen_by: Annotated[str | None, Query(description="Only what this colleague did.")] = None,
        since: Annotated[date | None, Query(description="Only from this day on.")] = None,
    ) -> Response:
        """Who looked at or changed which child's record, newest first. Asking is written down as well."""
        statement = select(*AuditEntry.__table__.c)  # type: ignore[attr-defined]
        if person_id is not None:
            statement = statement.where(col(AuditEntry.person_ids).contains([person_id]))
        if seen_by is not None:
            statement = statement.where(col(AuditEntry.caller) == seen_by)
        if since is not None:
            statement = statement.where(col(AuditEntry.at) >= clock.start_of(since))
        look = Look(caller, "list_audit_entries", "audit-entries")
        order = [col(AuditEntry.at).desc(), col(AuditEntry.id).desc()]
        return await json_page(session, statement, order=order, paging=paging, audit=look)

    return routes
