"""What this service asks of others over HTTP."""

from datetime import date
from uuid import UUID

from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.escalations.settings import settings_of


class ConfirmedProposal(Answered):
    """An escalation that a conference proposed and its chair confirmed."""

    id: UUID
    reference: str
    person_ids: list[str]
    agency_id: str
    agency_role: str
    professional_name: str
    professional_team: str | None
    area_id: str
    reason: str
    owner_id: str
    decided_by: str
    decided_on: date
    meeting_on: date


class HeldConferences(Answered):
    """How many conferences were held in a period; the one without a key is the total."""

    key: str | None
    conferences: int | None


class _ConferenceFigures(Answered):
    rows: list[HeldConferences]


class Conferences(ServiceClient):
    """The conferences service."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).conferences_url)

    async def confirmed(self, reference: str) -> list[ConfirmedProposal]:
        """The proposals of a conference that are confirmed and, as far as it knows, not raised yet."""
        path = f"/internal/conferences/{reference}/proposals/confirmed"
        return await self._ask("GET", path, list[ConfirmedProposal])

    async def held(self, **asked: str) -> list[HeldConferences]:
        """How many conferences were held, as its own figures count them for the same question."""
        return (await self._ask("GET", "/v1/figures/conferences", _ConferenceFigures, params=asked)).rows
