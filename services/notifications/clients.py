"""What this service asks of others over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter

from chassis.observe import request_id
from chassis.work import Work
from services.notifications.settings import NotificationsSettings


class EscalationsOutOfReach(Exception):
    """The escalations service did not answer, or not as it should: nothing was done, it is tried again."""


class Item(BaseModel):
    """An escalation as an email shows it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    reference: str
    kind: str
    subject: str
    raised_on: date
    meeting_on: date | None
    agency_id: str
    agency_role: str
    professional_team: str | None
    area_id: str
    state: str
    answered: bool
    due_on: date


class OpenItem(Item):
    """An open escalation as a chair's reminder shows it."""

    owner_id: str
    stage: int
    stage_name: str
    stage_due_on: date


class LinkWanted(BaseModel):
    """The answer link that a message needs."""

    model_config = ConfigDict(frozen=True)

    colleague_id: str
    period: str
    references: list[str]
    expires_on: date


class Link(BaseModel):
    """An answer link that exists."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    colleague_id: str
    period: str
    references: list[str]
    expires_on: date
    unanswered: int


class GivenAnswer(BaseModel):
    """An answer that somebody gave."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    choice: str
    expected_on: date | None
    note: str | None
    references: list[str]


def settings_of(work: Work) -> NotificationsSettings:
    """This service's settings."""
    assert isinstance(work.settings, NotificationsSettings)
    return work.settings


class Escalations:
    """The escalations service."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def quarter(self, period: str) -> list[Item]:
        """All escalations raised in a quarter and not withdrawn."""
        found = await self._ask("GET", "/v1/escalations/quarter", params={"period": period})
        return TypeAdapter(list[Item]).validate_python(found)

    async def open(self) -> list[OpenItem]:
        """All escalations that are not closed, oldest first."""
        return TypeAdapter(list[OpenItem]).validate_python(await self._ask("GET", "/v1/escalations/open"))

    async def answer(self, answer_id: UUID) -> GivenAnswer:
        """One answer."""
        return GivenAnswer.model_validate(await self._ask("GET", f"/v1/answers/{answer_id}"))

    async def current_links(self, period: str) -> list[Link]:
        """The links by which officers can answer for a quarter; where each was replaced, the newest."""
        links: list[Link] = []
        cursor = None
        while True:
            query = {"period": period, "current": "true", "limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = await self._ask("GET", "/v1/answer-links", params=query)
            links += TypeAdapter(list[Link]).validate_python(page["items"])
            if (cursor := page["next"]) is None:
                return links

    async def create_link(self, wanted: LinkWanted) -> str:
        """Make a link and return its token; earlier ones for the same officer and quarter stop working."""
        made = await self._ask("POST", "/v1/answer-links", json=wanted.model_dump(mode="json"))
        return str(made["token"])

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._work.tokens.own_token()}"}
        if identifier := request_id():
            headers["X-Request-Id"] = identifier
        url = settings_of(self._work).escalations_url.rstrip("/") + path
        try:
            async with self._work.http.request(method, url, headers=headers, **options) as answer:
                if answer.status >= 400:
                    raise EscalationsOutOfReach(f"{method} {path.partition('?')[0]} was answered {answer.status}.")
                return await answer.json()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise EscalationsOutOfReach(type(error).__name__) from error
