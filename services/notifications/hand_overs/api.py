"""Handing over everything of a chair, and how far it is."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.access.callers import Role
from chassis.base.fields import ColleagueId, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.command import Command, commanded_by
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from services.notifications.hand_overs import actions
from services.notifications.hand_overs.queries import HAND_OVERS
from services.notifications.hand_overs.schemas import HandOverIn, HandOverOut, HandOverPage
from services.notifications.roles import MANAGERS

routes = Routes(prefix="/v1/chairs", tags=["children"])

Manager = Annotated[Command, commanded_by(Role.TEAM_MANAGER)]
Reader = Annotated[RecordReader, read_by(*MANAGERS)]


@routes.post(
    "/{chair_id}/hand-over",
    status_code=201,
    responses=responses(NotFound, Invalid),
)
async def hand_over_chair(
    chair_id: Annotated[ColleagueId, Path(description="The chair who hands over.")],
    wanted: HandOverIn,
    command: Manager,
    response: Response,
) -> HandOverOut:
    """Hand over everything of a chair to another one: children, planned reviews, open conferences, escalations.

    Open positive challenges go with them. It takes a few seconds until all have followed: the answer's address says how
    far they are, and what stays since the new chair may not chair for a child. The new chair is sent one email at the
    end.
    """
    made = await actions.hand_over(command, chair_id, wanted)
    response.headers["Location"] = f"/v1/chairs/hand-overs/{made.id}"
    return made


class HandOversQuery(PageQuery):
    """The parameters of `list_hand_overs`."""

    chair_id: Several[str] = Field(None, description="Filter by the chair who hands over.")
    to: Several[str] = Field(None, description="Filter by the chair who takes over.")
    finished: Omittable[bool] = Field(None, description="Filter by whether every part of it is finished.")
    sort: str = sorted_by("-id", "handed_over_at", "starts_on")


@routes.get("/hand-overs", response_model=HandOverPage)
async def list_hand_overs(reader: Reader, query: Annotated[HandOversQuery, Query()]) -> Response:
    """List hand-overs, newest first."""
    return await reader.page(HAND_OVERS, query)


@routes.get("/hand-overs/{hand_over_id}", response_model=HandOverOut, responses=responses(NotFound))
async def get_hand_over(hand_over_id: UUID, reader: Reader) -> Response:
    """Get a hand-over: what was handed over so far, and what stays and by which rule."""
    return await reader.one(HAND_OVERS, id=hand_over_id)
