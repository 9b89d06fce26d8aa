"""Answers written down on an officer's behalf, and the links by which officers answer themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.acting import Acting, acting
from chassis.audit import Look
from chassis.callers import Caller, Role, may
from chassis.db import Reading
from chassis.fields import Omittable
from chassis.idempotency import IdempotencyKey, IdempotencyKeyReused
from chassis.pagination import PageQuery
from chassis.problems import Invalid, NotFound, responses
from chassis.seeing import seen_by
from services.escalations.actions import answering, linking
from services.escalations.api.roles import DECIDERS
from services.escalations.queries.lists import ANSWER_LINKS, ANSWERS
from services.escalations.schemas import AnswerIn, AnswerLinkPage, AnswerOut

routes = APIRouter(prefix="/v1", tags=["answers"])


@routes.post(
    "/answers",
    status_code=201,
    response_model=AnswerOut,
    responses=responses(Invalid, IdempotencyKeyReused, answering.NotToBeAnswered),
)
async def answer_escalations(
    wanted: AnswerIn, act: Annotated[Acting, acting(*DECIDERS)], key: IdempotencyKey
) -> Response:
    """Write down an officer's answer that came otherwise than by the link: to each escalation named, or to none."""
    answer = await answering.answer_on_behalf(act, wanted)
    return await key.remember(AnswerOut.model_validate(answer, from_attributes=True))


@routes.get("/answers/{answer_id}", response_model=AnswerOut, responses=responses(NotFound))
async def get_answer(
    answer_id: UUID, reading: Reading, caller: Annotated[Caller, may(*DECIDERS, Role.SERVICE)]
) -> Response:
    """One answer, with the escalations that it is about."""
    found = await ANSWERS.one(reading, look=Look(caller, "get_answer", str(answer_id)), id=answer_id, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


class AnswerLinksQuery(PageQuery):
    """The parameters of `list_answer_links`."""

    period: Omittable[str] = Field(None, description="Only of this quarter, such as `2019-Q1`.")
    colleague_id: Omittable[str] = Field(None, description="Only this officer's.")
    current: Omittable[bool] = Field(None, description="Only those neither replaced nor revoked, or the others.")


@routes.get("/answer-links", response_model=AnswerLinkPage)
async def list_answer_links(
    reading: Reading,
    caller: Annotated[Caller, may(Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.SERVICE)],
    query: Annotated[AnswerLinksQuery, Query()],
) -> Response:
    """Who can answer by a link, for which quarter, and how much is not answered yet."""
    return await ANSWER_LINKS.page(reading, query)


@routes.post("/answer-links/{link_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_answer_link(
    link_id: UUID, act: Annotated[Acting, acting(Role.TEAM_MANAGER, Role.ADMINISTRATOR)]
) -> None:
    """Make a link stop working at once; doing it again changes nothing."""
    await linking.revoke_answer_link(act, link_id)
