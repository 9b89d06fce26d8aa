"""Deadlines, and a chair's diary as JSON and as an iCalendar feed."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.access.callers import Role
from chassis.base.clock import Today
from chassis.base.fields import Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.command import Command, commanded_by
from chassis.law.deadlines import DeadlineKind, DeadlineOwner
from chassis.meetings.diary import DiaryQuery, OpenDeadlinesQuery
from chassis.process import ProcessDep
from chassis.web.routes import Routes
from services.reviews.calendar import actions as feeding
from services.reviews.calendar import queries as calendars
from services.reviews.calendar.schemas import DiaryFeedKnownOut, DiaryFeedOut
from services.reviews.children.queries import DEADLINES
from services.reviews.children.schemas import DeadlinePage
from services.reviews.endpoints import Reader
from services.reviews.meetings.queries import DIARY
from services.reviews.meetings.schemas import ReviewOut

routes = Routes(tags=["diary"])
CALENDAR = "text/calendar"
Owner = Annotated[Command, commanded_by(Role.CHAIR, Role.TEAM_MANAGER)]
Keeper = Annotated[Command, commanded_by(Role.CHAIR, *feeding.KEEPERS)]


class DeadlinesQuery(OpenDeadlinesQuery):
    """The parameters of `list_deadlines`."""

    kind: Several[DeadlineKind] = Field(None, description="Filter by kind of deadline.")
    subject: Several[str] = Field(None, description="Filter by kind of review, or by prompt.")
    owner_role: Several[DeadlineOwner] = Field(None, description="Filter by the role that must act.")
    review_reference: Several[str] = Field(None, description="Filter by review.")


@routes.get("/v1/deadlines", response_model=DeadlinePage)
async def list_deadlines(reader: Reader, query: Annotated[DeadlinesQuery, Query()], today: Today) -> Response:
    """List open deadlines, soonest first, with the days left: reviews, reports, decisions, visits and others.

    Use `kind=allocation&overdue=true` to find children without a chair for more than 5 working days.
    """
    return await reader.page(DEADLINES, query, today=today)


@routes.get("/v1/diary", response_model=list[ReviewOut], responses=responses(Invalid))
async def get_diary(reader: Reader, today: Today, query: Annotated[DiaryQuery, Query()]) -> Response:
    """List a chair's reviews between two days, including those held or cancelled."""
    return await reader.all(DIARY, "diary", **query.wanted(reader.caller.subject, today))


@routes.post("/v1/diary-feeds", status_code=201)
async def create_diary_feed(command: Owner) -> DiaryFeedOut:
    """Create a secret address for the caller's calendar program. It is shown once; revoke it if it leaks."""
    feed, token = await feeding.create_diary_feed(command)
    return DiaryFeedOut(id=feed.id, url=f"{command.process.settings.public_url.rstrip('/')}/diary/{token}.ics")


@routes.get("/v1/diary-feeds")
async def list_diary_feeds(
    command: Keeper,
    chair_id: Annotated[
        Omittable[str],
        Query(description="Filter by chair; only managers and administrators see other chairs' addresses."),
    ] = None,
) -> list[DiaryFeedKnownOut]:
    """List diary addresses without their secrets, newest first.

    Managers and administrators see all addresses, others their own. Revoke an address that is used although
    its owner does not use it: it has leaked.
    """
    return [DiaryFeedKnownOut.model_validate(feed) for feed in await feeding.feeds(command, chair_id)]


@routes.post("/v1/diary-feeds/{feed_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_diary_feed(feed_id: UUID, command: Keeper) -> None:
    """Stop an address working at once: the caller's own, or anybody's for managers and administrators."""
    await feeding.revoke_diary_feed(command, feed_id)


@routes.get(
    "/diary/{token}.ics",
    include_in_schema=False,
    responses={200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
)
async def get_diary_feed(token: Annotated[str, Path(max_length=100)], process: ProcessDep, today: Today) -> Response:
    """A chair's diary for a calendar program: references, times and places, and no name. The address is the key.

    It works until it is revoked, or its chair has left.
    """
    async with process.database.transaction() as session:
        chair_id = await feeding.chair_of_feed(session, token, today)
    if chair_id is None:
        raise NotFound
    first, last = today - timedelta(days=30), today + timedelta(days=366)
    content = await calendars.calendar(process.database.statements, chair_id, date_range=(first, last))
    return Response(content, media_type=f"{CALENDAR}; charset=utf-8", headers={"Cache-Control": "private, max-age=900"})
