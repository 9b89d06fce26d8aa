"""Answers recorded on an officer's behalf, and the links by which officers answer themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.access.callers import Caller, Role, may
from chassis.base.clock import Today
from chassis.base.fields import Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from services.escalations.answers import actions as answering
from services.escalations.answers import links as linking
from services.escalations.answers.queries import ANSWER_LINKS, ANSWERS
from services.escalations.answers.schemas import AnswerIn, AnswerLinkPage, AnswerOut
from services.escalations.roles import DECIDERS

routes = Routes(prefix="/v1", tags=["escalations"])


@routes.post(
    "/answers",
    status_code=201,
    responses=responses(Invalid, answering.NotToBeAnswered),
)
async def answer_escalations(
    wanted: AnswerIn, command: Annotated[Command, commanded_by(*DECIDERS)], response: Response
) -> AnswerOut:
    """Record an officer's answer that did not come through a link. It applies to all escalations named, or to none."""
    answer = await answering.answer_on_behalf(command, wanted)
    response.headers["Location"] = f"/v1/answers/{answer.id}"
    return AnswerOut.model_validate(answer)


class AnswerLinksQuery(PageQuery):
    """The parameters of `list_answer_links`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    period: Several[str] = Field(None, description="Filter by quarter, such as `2019-Q1`.")
    colleague_id: Several[str] = Field(None, description="Filter by liaison officer.")
    current: Omittable[bool] = Field(None, description="Filter by whether they are neither replaced nor revoked.")
    sort: str = sorted_by("-id", "period", "colleague_id")


@routes.get("/answers/links", response_model=AnswerLinkPage)
async def list_answer_links(
    reading: Reading,
    caller: Annotated[Caller, may(Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.SERVICE)],
    query: Annotated[AnswerLinksQuery, Query()],
    today: Today,
) -> Response:
    """List answer links: whose they are, for which quarter, and how many escalations are to be answered now."""
    return await ANSWER_LINKS.page(reading, query, today=today)


@routes.get("/answers/{answer_id}", response_model=AnswerOut, responses=responses(NotFound))
async def get_answer(answer_id: UUID, reader: Annotated[RecordReader, read_by(*DECIDERS, Role.SERVICE)]) -> Response:
    """Get an answer and the escalations that it is about."""
    return await reader.one(ANSWERS, id=answer_id)


@routes.post("/answers/links/{link_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_answer_link(
    link_id: UUID, command: Annotated[Command, commanded_by(Role.TEAM_MANAGER, Role.ADMINISTRATOR)]
) -> None:
    """Revoke a link, which stops working at once. Repeating this changes nothing."""
    await linking.revoke_answer_link(command, link_id)
