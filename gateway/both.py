"""Children who are on a child protection plan and looked after as well, which no service knows alone."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from chassis.callers import Caller, Role, may
from chassis.fields import Omittable
from chassis.pagination import MAX_LIMIT, Page, PageQuery, cursor_after
from chassis.problems import MEDIA_TYPE, Invalid, Problem, responses
from chassis.routing import Router
from gateway.asking import CARRIED, Unanswered, whole
from gateway.routes import CONFERENCES, REVIEWS
from gateway.work import work_of

routes = Router(prefix="/v1", tags=["children in both"])
# Whoever may read in both services; which restricted records they see, each of these decides for itself.
READERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER)
Record = dict[str, Any]


class ListIncomplete(Problem):
    """A service cannot be asked at the moment, and part of this list would look like all of it."""

    status = 503


class Refused(Exception):
    """What a service has against the question: the caller has to know."""

    def __init__(self, status: int, problem: Record) -> None:
        super().__init__(status)
        self.status = status
        self.problem = problem


class ChildInBothOut(BaseModel):
    """A child who is on a child protection plan and looked after at once."""

    person_id: str
    given_name: str | None
    family_name: str | None
    area_id: str = Field(description="As the conferences know it.")
    plan_since: date
    category: str = Field(description="The plan's latest category.")
    conference_chair_id: str | None
    looked_after_since: date
    legal_status: str | None
    short_breaks: bool = Field(description="Looked after in a series of short breaks alone.")
    review_chair_id: str | None = Field(description="The Independent Reviewing Officer.")


class ChildInBothPage(Page[ChildInBothOut]):
    """One page of these children, by person number."""


class ChildrenInBothQuery(PageQuery):
    """The parameters of `list_children_in_both`."""

    area_id: Omittable[str] = Field(None, description="Only in this area.")
    chair_id: Omittable[str] = Field(None, description="Only those whose conferences this chair chairs.")


@routes.get("/children-in-both", response_model=ChildInBothPage, responses=responses(Invalid, ListIncomplete))
async def list_children_in_both(
    request: Request, caller: Annotated[Caller, may(*READERS)], query: Annotated[ChildrenInBothQuery, Query()]
) -> Response:
    """Children on a child protection plan who are looked after as well: one meeting may serve both.

    A child whose record one of the services does not show to the caller is not listed.
    """
    wanted = {"on_plan": "true"} | query.filters()
    try:
        on_plan, looked_after = whole(
            await asyncio.gather(
                _every(request, CONFERENCES, "/v1/children", wanted),
                _every(request, REVIEWS, "/v1/looked-after-children", {"looked_after": "true"}),
                return_exceptions=True,
            ),
            ListIncomplete,
        )
    except Refused as refused:
        return JSONResponse(refused.problem, refused.status, media_type=MEDIA_TYPE)
    return JSONResponse(
        page_of([_both(on_plan[one], looked_after[one]) for one in on_plan.keys() & looked_after], query)
    )


async def _every(request: Request, service: str, path: str, query: Mapping[str, str]) -> dict[str, Record]:
    """All children of a service's list by their person number, page after page."""
    work, found = work_of(request), dict[str, Record]()
    headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
    if service not in work.services.addresses:
        raise Unanswered(service)
    cursor: dict[str, str] = {}
    while True:
        given = {**query, "limit": str(MAX_LIMIT), **cursor}
        status, page = await work.services.ask(service, path, query=given, headers=headers)
        if status >= 500 or (status == 200 and not isinstance(page.get("items"), list)):
            raise Unanswered(service)
        if status != 200:
            raise Refused(status, page)
        found |= {one["person_id"]: one for one in page["items"]}
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def _both(on_plan: Record, looked_after: Record) -> Record:
    return {
        "person_id": on_plan["person_id"],
        "given_name": on_plan["given_name"],
        "family_name": on_plan["family_name"],
        "area_id": on_plan["area_id"],
        "plan_since": on_plan["plan_since"],
        "category": on_plan["category"],
        "conference_chair_id": on_plan["chair_id"],
        "looked_after_since": looked_after["looked_after_since"],
        "legal_status": looked_after["legal_status"],
        "short_breaks": looked_after["short_breaks"],
        "review_chair_id": looked_after["chair_id"],
    }


def page_of(children: list[Record], query: PageQuery) -> Record:
    """One page of children by person number, compared here: the services' databases may order letters otherwise."""
    if query.after is not None and len(query.after) != 1:
        raise Invalid.field("cursor", "cursor", "Send `next` of the page before, unchanged.")
    after = query.after[0] if query.after else ""
    following = sorted((one for one in children if one["person_id"] > after), key=lambda one: one["person_id"])
    shown = following[: query.limit]
    more = len(following) > len(shown)
    return {"items": shown, "next": cursor_after(shown[-1]["person_id"]) if more else None}
