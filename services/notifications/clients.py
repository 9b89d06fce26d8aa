"""What this service asks of others over HTTP."""

from datetime import date, time
from typing import Any
from uuid import UUID

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter

from chassis.observe import request_id
from chassis.work import Work
from services.notifications.settings import NotificationsSettings


class ServiceOutOfReach(Exception):
    """Another service did not answer, or not as it should: nothing was done, it is tried again."""


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


class MadeLink(BaseModel):
    """An answer link that was made just now: its secret is told this once."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    token: str


class LinkPage(BaseModel):
    """One page of answer links."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    items: list[Link]
    next: str | None


class GivenAnswer(BaseModel):
    """An answer that somebody gave."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    choice: str
    expected_on: date | None
    note: str | None
    references: list[str]


class Deadline(BaseModel):
    """Something overdue or due soon, as a chair's reminder shows it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    chair_id: str | None
    person_id: str
    kind: str
    subject: str
    due_on: date
    review_reference: str | None


class LetterChild(BaseModel):
    """A child to whom a review is announced."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    person_id: str
    email: str | None
    advocate: bool


class Letters(BaseModel):
    """What letters about a review need."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    reference: str
    state: str
    planned_on: date
    planned_time: time | None
    mode: str
    venue: str | None
    chair_id: str
    advocate_email: str | None
    children: list[LetterChild]


def settings_of(work: Work) -> NotificationsSettings:
    """This service's settings."""
    assert isinstance(work.settings, NotificationsSettings)
    return work.settings


class Sister:
    """Another service, asked as this one."""

    def __init__(self, work: Work, url: str) -> None:
        self._work = work
        self._url = url.rstrip("/")

    async def _ask(self, method: str, path: str, shape: Any, **options: Any) -> Any:
        """What is answered, read as this shape; an answer of another shape is as good as none."""
        headers = {"Authorization": f"Bearer {self._work.tokens.own_token()}"}
        if identifier := request_id():
            headers["X-Request-Id"] = identifier
        try:
            async with self._work.http.request(method, self._url + path, headers=headers, **options) as answer:
                if answer.status >= 400:
                    raise ServiceOutOfReach(f"{method} {path.partition('?')[0]} was answered {answer.status}.")
                return TypeAdapter(shape).validate_python(await answer.json())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ServiceOutOfReach(type(error).__name__) from error
        except ValueError as error:
            # What was answered may say who somebody is: no word of it may reach the log.
            raise ServiceOutOfReach(type(error).__name__) from None


class Escalations(Sister):
    """The escalations service."""

    def __init__(self, work: Work) -> None:
        super().__init__(work, settings_of(work).escalations_url)

    async def quarter(self, period: str) -> list[Item]:
        """All escalations raised in a quarter and not withdrawn."""
        path, params = "/v1/escalations/quarter", {"period": period}
        found: list[Item] = await self._ask("GET", path, list[Item], params=params)
        return found

    async def open(self) -> list[OpenItem]:
        """All escalations that are not closed, oldest first."""
        found: list[OpenItem] = await self._ask("GET", "/v1/escalations/open", list[OpenItem])
        return found

    async def answer(self, answer_id: UUID) -> GivenAnswer:
        """One answer."""
        found: GivenAnswer = await self._ask("GET", f"/v1/answers/{answer_id}", GivenAnswer)
        return found

    async def current_links(self, period: str) -> list[Link]:
        """The links by which officers can answer for a quarter; where each was replaced, the newest."""
        links: list[Link] = []
        cursor = None
        while True:
            query = {"period": period, "current": "true", "limit": "200"} | ({"cursor": cursor} if cursor else {})
            page: LinkPage = await self._ask("GET", "/v1/answer-links", LinkPage, params=query)
            links += page.items
            if (cursor := page.next) is None:
                return links

    async def create_link(self, wanted: LinkWanted) -> str:
        """Make a link and return its token; earlier ones for the same officer and quarter stop working."""
        made: MadeLink = await self._ask("POST", "/v1/answer-links", MadeLink, json=wanted.model_dump(mode="json"))
        return made.token


class Reviews(Sister):
    """The reviews service; where there is none, nothing is due."""

    def __init__(self, work: Work) -> None:
        super().__init__(work, settings_of(work).reviews_url)

    async def digest(self) -> list[Deadline]:
        """All that is overdue or due soon, soonest first."""
        if not self._url:
            return []
        found: list[Deadline] = await self._ask("GET", "/v1/deadlines/digest", list[Deadline])
        return found

    async def letters(self, reference: str) -> Letters:
        """What letters about a review need."""
        found: Letters = await self._ask("GET", f"/v1/reviews/{reference}/letters", Letters)
        return found
