"""The administrators' question to the audit: who saw or changed a child's record."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import Field
from sqlalchemy import bindparam, select, true

from chassis.access.audit import AuditEntry, AuditEntryBase
from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.fields import Day, Omittable, Several
from chassis.db.columns import holding, matching
from chassis.web.pagination import JsonRows, Page, PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes

_AUDIT = AuditEntry.__table__  # type: ignore[attr-defined]


def _entries(audit: Any, **filters: Any) -> JsonRows:
    """The entries of the audit, or of a part of it, newest first."""
    filters |= matching(audit.c.caller, "seen_by") | {"since": audit.c.at >= bindparam("since")}
    return JsonRows(select(audit), filters=filters, order=[audit.c.at.desc(), audit.c.id.desc()])


ENTRIES = _entries(_AUDIT)
# A child's entries are gathered first, so that their index is used: PostgreSQL would rather walk through everybody's by
# time until a page is full. The filter itself is in the part that is gathered.
ENTRIES_OF_CHILDREN = {
    name: _entries(select(_AUDIT).where(holds).cte("of_child").prefix_with("MATERIALIZED"), **{name: true()})
    for name, holds in holding(_AUDIT.c.person_ids, "person_id").items()
}


class AuditEntryOut(AuditEntryBase):
    """One reading, change or refusal."""


class AuditEntryPage(Page[AuditEntryOut]):
    """One page of the audit, newest first."""


class AuditEntriesQuery(PageQuery):
    """The parameters of `list_audit_entries`."""

    person_id: Several[str] = Field(None, description="Only what concerns this child.")
    seen_by: Several[str] = Field(None, description="Only what this colleague did.")
    since: Omittable[Day] = Field(None, description="Only from this day on.")
    sort: str = sorted_by("-at")


routes = Routes(prefix="/internal", tags=["administration"])


@routes.get("/audit-entries", response_model=AuditEntryPage)
async def list_audit_entries(
    reader: Annotated[RecordReader, read_by(Role.ADMINISTRATOR)], query: Annotated[AuditEntriesQuery, Query()]
) -> Response:
    """Who looked at or changed what in this service, and who was refused, newest first, for the gateway.

    Asking is written down as well.
    """
    entries = next((ENTRIES_OF_CHILDREN[name] for name in query.filters() if name in ENTRIES_OF_CHILDREN), ENTRIES)
    return await reader.page(entries, query, since=query.since and clock.start_of(query.since))
