"""What this service asks of the escalations service."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from chassis.base.fields import in_words
from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.notifications.settings import settings_of

# How many escalations the escalations service takes at once.
MOST_NAMED = 1000


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
    to_be_answered: bool
    due_on: date
    officer_id: str | None
    waiting_until: date | None
    returned_on: date | None
    ask_from: datetime | None

    @property
    def team(self) -> str:
        """The practice or team that it is about, or else the role."""
        return self.professional_team or in_words(self.agency_role)


class OpenItem(Item):
    """An open escalation as a chair's reminder shows it."""

    owner_id: str
    stage: int
    stage_name: str
    stage_due_on: date
    answer: str | None
    person_unknown: bool = False


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


class Named(Answered):
    """How many escalations have another officer now."""

    changed: int


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


class Escalations(ServiceClient):
    """The escalations service."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).escalations_url)

    async def quarter(self, period: str) -> list[Item]:
        """All escalations raised in a quarter and not withdrawn."""
        path, params = "/internal/escalations/quarter", {"period": period}
        return await self._ask("GET", path, list[Item], params=params)

    async def open(self, on: date | None = None) -> list[OpenItem]:
        """All escalations that are not closed, or were not at the end of a day, oldest first."""
        params = {"on": on.isoformat()} if on else {}
        return await self._ask("GET", "/internal/escalations/open", list[OpenItem], params=params)

    async def answer(self, answer_id: UUID) -> GivenAnswer:
        """One answer."""
        return await self._ask("GET", f"/v1/answers/{answer_id}", GivenAnswer)

    async def current_links(self, period: str) -> list[Link]:
        """The newest link of each officer for a quarter, which holds what the earlier ones were made for."""
        links: dict[str, Link] = {}
        cursor = None
        while True:
            query = {"period": period, "current": "true", "limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = await self._ask("GET", "/v1/answers/links", LinkPage, params=query)
            for link in page.items:
                links.setdefault(link.colleague_id, link)
            if (cursor := page.next) is None:
                return list(links.values())

    async def create_link(self, wanted: LinkWanted) -> str:
        """Make a link and return its token; earlier ones for the same officer and quarter show the same from now on."""
        made = await self._ask("POST", "/internal/answer-links", MadeLink, json=wanted.model_dump(mode="json"))
        return made.token

    async def name_officers(self, officers: Mapping[str | None, Sequence[str]]) -> int:
        """Say who is responsible for open escalations now; how many have another officer than before.

        They are references by officer, None for those that nobody covers.
        """
        named = [
            {"officer_id": officer_id, "references": references[first : first + MOST_NAMED]}
            for officer_id, references in officers.items()
            for first in range(0, len(references), MOST_NAMED)
        ]
        return (await self._ask("POST", "/internal/escalations/officers", Named, json={"officers": named})).changed
