"""What this service asks of the escalations service."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from chassis.process import Process
from chassis.web.service_clients import Answered
from services.notifications.clients.figures import EscalationRow, FiguresClient, Table
from services.notifications.settings import settings_of


class Item(Answered):
    """An escalation as an email shows it."""

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


class LinkWanted(BaseModel, frozen=True):
    """The answer link that a message needs."""

    colleague_id: str
    period: str
    references: list[str]
    expires_on: date


class Link(Answered):
    """An answer link that exists."""

    id: UUID
    colleague_id: str
    period: str
    references: list[str]
    expires_on: date
    unanswered: int


class MadeLink(Answered):
    """A new answer link. Its secret is shown once."""

    token: str


class LinkPage(Answered):
    """One page of answer links."""

    items: list[Link]
    next: str | None


class GivenAnswer(Answered):
    """An answer that somebody gave."""

    choice: str
    expected_on: date | None
    note: str | None
    references: list[str]


class Escalations(FiguresClient):
    """The escalations service."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).escalations_url)

    async def quarter(self, period: str) -> list[Item]:
        """All escalations raised in a quarter and not withdrawn."""
        path, params = "/internal/escalations/quarter", {"period": period}
        return await self._ask("GET", path, list[Item], params=params)

    async def open(self) -> list[OpenItem]:
        """All escalations that are not closed, oldest first."""
        return await self._ask("GET", "/internal/escalations/open", list[OpenItem])

    async def answer(self, answer_id: UUID) -> GivenAnswer:
        """One answer."""
        return await self._ask("GET", f"/v1/answers/{answer_id}", GivenAnswer)

    async def current_links(self, period: str) -> list[Link]:
        """The links by which officers can answer for a quarter; where each was replaced, the newest."""
        links: list[Link] = []
        cursor = None
        while True:
            query = {"period": period, "current": "true", "limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = await self._ask("GET", "/v1/answer-links", LinkPage, params=query)
            links += page.items
            if (cursor := page.next) is None:
                return links

    async def create_link(self, wanted: LinkWanted) -> str:
        """Make a link and return its token; earlier ones for the same officer and quarter stop working."""
        made = await self._ask("POST", "/internal/answer-links", MadeLink, json=wanted.model_dump(mode="json"))
        return made.token

    async def figures(self, **asked: str) -> Table[EscalationRow]:
        """Escalations that were raised, as the figures' query parameters ask."""
        return await self._table("/v1/figures/escalations", Table[EscalationRow], asked)
