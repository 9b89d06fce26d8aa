"""What this service asks of the reviews service."""

from datetime import date, time

from pydantic import BaseModel, ConfigDict

from chassis.process import Process
from services.notifications.clients.figures import FiguresClient, ReviewRow, Table
from services.notifications.settings import settings_of


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
    """A child who is told about a review."""

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


class Reviews(FiguresClient):
    """The reviews service; where there is none, nothing is due."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).reviews_url)

    async def digest(self) -> list[Deadline]:
        """All that is overdue or due soon, soonest first."""
        if not self._url:
            return []
        found: list[Deadline] = await self._ask("GET", "/internal/deadlines/digest", list[Deadline])
        return found

    async def letters(self, reference: str) -> Letters:
        """What letters about a review need."""
        found: Letters = await self._ask("GET", f"/internal/reviews/{reference}/letters", Letters)
        return found

    async def figures(self, **asked: str) -> Table[ReviewRow]:
        """Reviews that were held, as the figures' query parameters ask."""
        return await self._table("/v1/figures/reviews", Table[ReviewRow], asked)
