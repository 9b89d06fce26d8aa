"""What this service asks of the reviews service."""

from datetime import date, time
from uuid import UUID

from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.notifications.settings import settings_of


class Deadline(Answered):
    """Something overdue or due soon, as a chair's reminder shows it."""

    chair_id: str | None
    person_id: str
    kind: str
    subject: str
    due_on: date
    review_reference: str | None


class LetterChild(Answered):
    """A child who is told about a review."""

    person_id: str
    email: str | None
    age: int
    advocate: bool


class Parent(Answered):
    """A parent who gets letters about a review."""

    invitation_id: UUID
    name: str
    address: str
    person_ids: list[str]


class Letters(Answered):
    """What letters about a review need."""

    reference: str
    state: str
    planned_on: date
    planned_time: time | None
    mode: str
    venue: str | None
    join_link: str | None
    chair_id: str
    advocate_email: str | None
    children: list[LetterChild]
    version: int

    @property
    def title(self) -> str:
        """What its calendar entry is called."""
        return f"Review {self.reference}"

    @property
    def uid(self) -> str:
        """The identifier of its calendar entry."""
        return f"{self.reference}@reviews"

    @property
    def sequence(self) -> int:
        """It rises with each change of the review."""
        return self.version


class Reviews(ServiceClient):
    """The reviews service; where there is none, nothing is due."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).reviews_url)

    async def digest(self) -> list[Deadline]:
        """All that is overdue or due soon, soonest first."""
        return await self._all("/internal/deadlines/digest", Deadline)

    async def letters(self, reference: str) -> Letters:
        """What letters about a review need."""
        return await self._ask("GET", f"/internal/reviews/{reference}/letters", Letters)

    async def parents(self, reference: str) -> list[Parent]:
        """The parents who get letters about a review."""
        return await self._ask("GET", f"/internal/reviews/{reference}/parents", list[Parent])
