"""What only several services together can answer: the audit of all of them as one list."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from chassis.access.audit_entries import AuditEntriesQuery, AuditEntryOut
from chassis.access.callers import Caller, Role, may
from chassis.base.problems import MEDIA_TYPE, Problem, responses
from chassis.web.pagination import Page, PageQuery, cursor_after
from gateway.asking import Unanswered, carried, process_of, whole

routes = APIRouter(prefix="/v1", tags=["administration"])


class AuditIncomplete(Problem):
    """A service cannot be asked at the moment, and part of an audit would look like all of it."""

    status = 503


class AuditEntryOfService(AuditEntryOut):
    """One reading, change or refusal, and in which service it happened."""

    service: str = Field(description="The service that wrote it down.")


class AuditEntryOfServicePage(Page[AuditEntryOfService]):
    """One page of the audit of all services, newest first."""


@routes.get("/audit-entries", response_model=AuditEntryOfServicePage, responses=responses(AuditIncomplete))
async def list_audit_entries(
    request: Request, caller: Annotated[Caller, may(Role.ADMINISTRATOR)], query: Annotated[AuditEntriesQuery, Query()]
) -> Response:
    """Who looked at or changed what in any service, and who was refused, newest first. Asking is written down too."""
    # Every service lists by time and identifier, newest first, and goes on after any given pair of these. So the cursor
    # of the merged list is the last entry's pair, and all services are given the same one; they check it as well.
    given = {name: str(value) for name, value in query.model_dump(exclude_none=True).items()}
    process = process_of(request)
    answers = await asyncio.gather(
        *(_ask(request, service, given) for service in process.services.addresses), return_exceptions=True
    )
    pages: dict[str, dict[str, Any]] = {}
    for service, (status, answered) in zip(process.services.addresses, whole(answers, AuditIncomplete), strict=True):
        if status != 200:
            # They all check alike: what one of them has against the question, the caller has to know.
            return JSONResponse(answered, status, media_type=MEDIA_TYPE)
        pages[service] = answered
    return JSONResponse(merge(pages, query))


async def _ask(request: Request, service: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    path = f"/v1/services/{service}/audit-entries"
    status, answered = await process_of(request).services.ask(service, path, carried(request), query)
    if status >= 500 or (status == 200 and not isinstance(answered.get("items"), list)):
        raise Unanswered(service)
    return status, answered


def merge(pages: Mapping[str, Mapping[str, Any]], query: PageQuery) -> dict[str, Any]:
    """One page from one page of each service; `next` is null only if no service has more."""
    items = [item | {"service": service} for service, page in pages.items() for item in page["items"]]
    items.sort(key=_place, reverse=True)
    shown = items[: query.limit]
    more = len(items) > len(shown) or any(page["next"] is not None for page in pages.values())
    return {"items": shown, "next": cursor_after(shown[-1]["at"], shown[-1]["id"]) if more and shown else None}


def _place(item: Mapping[str, Any]) -> tuple[datetime, str]:
    """Where an entry is in the list; PostgreSQL orders identifiers as their texts."""
    return datetime.fromisoformat(item["at"]), item["id"]
