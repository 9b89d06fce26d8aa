"""The audit of all services as one list."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access.audit_entries import AuditEntriesQuery, AuditEntryOut
from chassis.access.callers import Caller, Role, may
from chassis.base.problems import responses
from chassis.web.pagination import Page
from chassis.web.routes import Routes
from gateway.asking import process_of
from gateway.together.asking import AnswerIncomplete, MergedList

routes = Routes(prefix="/v1", tags=["administration"])
ENTRIES = MergedList("/internal/audit-entries", mark="service")


class AuditEntryOfService(AuditEntryOut):
    """One reading, change or refusal, and in which service it happened."""

    service: str = Field(description="The service that wrote it down.")


class AuditEntryOfServicePage(Page[AuditEntryOfService]):
    """One page of the audit of all services, newest first."""


@routes.get("/audit-entries", response_model=AuditEntryOfServicePage, responses=responses(AnswerIncomplete))
async def list_audit_entries(
    request: Request, caller: Annotated[Caller, may(Role.ADMINISTRATOR)], query: Annotated[AuditEntriesQuery, Query()]
) -> Response:
    """Who looked at or changed what in any service, and who was refused, newest first. Asking is written down too."""
    return await ENTRIES.page(request, query, {name: name for name in process_of(request).services.addresses})
