"""What this service asks of the escalations service."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.process import Process
from services.notifications.clients.figures import EscalationRow, FiguresClient, Table
from services.notifications.settings import settings_of


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
    """A new answer link. Its secret is shown once."""

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


class Escalations(FiguresClient):
    """The escalations service."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).escalations_url)

    async def quarter(self, period: str) -> list[Item]:
        """All escalations raised in a quarter and not withdrawn."""
        path, params = "/internal/escalations/quarter", {"period": period}
        found: list[Item] = await self._ask("GET", path, list[Item], params=params)
        return found

    async def open(self) -> list[OpenItem]:
        """All escalations that are not closed, oldest first."""
        found: list[OpenItem] = await self._ask("GET", "/internal/escalations/open", list[OpenItem])
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
        made: MadeLink = await self._ask(
            "POST", "/internal/answer-links", MadeLink, json=wanted.model_dump(mode="json")
        )
        return made.token

    async def figures(self, **asked: str) -> Table[EscalationRow]:
        """Escalations that were raised, as the figures' query parameters ask."""
        return await self._table("/v1/figures/escalations", Table[EscalationRow], asked)
