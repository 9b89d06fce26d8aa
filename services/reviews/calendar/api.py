"""Deadlines, and a chair's diary as JSON and as an iCalendar feed."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from chassis.access.callers import Role
from chassis.base.clock import Today
from chassis.base.fields import Omittable
from chassis.base.problems import NotFound, responses
from chassis.command import Command, commanded_by
from chassis.process import ProcessDep
from chassis.web.routes import Routes
from services.reviews.calendar import actions as feeding
from services.reviews.calendar import queries as calendars
from services.reviews.calendar.schemas import DiaryFeedKnownOut, DiaryFeedOut

routes = Routes(tags=["diary"])
CALENDAR = "text/calendar"
Owner = Annotated[Command, commanded_by(Role.CHAIR, Role.TEAM_MANAGER)]
Keeper = Annotated[Command, commanded_by(Role.CHAIR, *feeding.KEEPERS)]


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
