"""What this service asks of the conferences service."""

from datetime import date, time
from uuid import UUID

from pydantic import BaseModel

from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.notifications.settings import settings_of

PLANNED = "planned"


class ConferenceDeadline(Answered):
    """Something overdue or due soon for a conference or a plan; `proposals` wait for the chair's decision."""

    chair_id: str | None
    person_id: str
    children: int
    kind: str
    subject: str
    due_on: date
    conference_reference: str | None
    proposals: int


class CoreGroupDue(Answered):
    """A core group that should meet; its social worker is reminded."""

    person_id: str
    children: int
    owner_id: str | None
    due_on: date
    conference_reference: str | None


class ConferenceLetter(Answered):
    """What an email to an invited person needs."""

    invitation_id: UUID
    reference: str
    state: str
    invited_as: str
    invited_on: date
    name: str
    email: str | None
    agency_id: str | None
    agency_role: str | None
    team: str | None
    area_id: str
    planned_on: date
    planned_time: time | None
    mode: str
    venue: str | None
    join_link: str | None
    chair_id: str
    children: int
    person_ids: list[str] | None = None
    report_due_on: date | None
    report_received_on: date | None
    withdrawn: bool
    sequence: int

    @property
    def title(self) -> str:
        """What its calendar entry is called."""
        return f"Conference {self.reference}"

    @property
    def uid(self) -> str:
        """The identifier of its calendar entry."""
        return f"{self.invitation_id}@conferences"

    def is_coming(self, today: date) -> bool:
        """Whether the person is still expected: events may be late, and conferences recorded afterwards."""
        return self.state == PLANNED and self.planned_on >= today and not self.withdrawn


class ContributionLinkWanted(BaseModel, frozen=True):
    """The link that a message needs, for a professional to say what they will contribute."""

    invitation_id: UUID


class MadeContributionLink(Answered):
    """A new link. Its path holds the secret, which is shown once."""

    path: str


class Conferences(ServiceClient):
    """The conferences service; where there is none, nothing is due."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).conferences_url)

    async def digest(self) -> list[ConferenceDeadline]:
        """All that is overdue or due soon, soonest first."""
        return await self._all("/internal/conference-deadlines/digest", ConferenceDeadline)

    async def letter(self, invitation_id: UUID) -> ConferenceLetter:
        """What an email to one invited person needs."""
        path = f"/internal/invitations/{invitation_id}/letter"
        return await self._ask("GET", path, ConferenceLetter)

    async def letters(self, reference: str) -> list[ConferenceLetter]:
        """The same for everybody invited to a conference, except the family."""
        return await self._all(f"/internal/conferences/{reference}/letters", ConferenceLetter)

    async def reports_due(self, due_on: date) -> list[ConferenceLetter]:
        """The professionals whose report is due on a day and was not received."""
        return await self._all("/internal/invitations/reports-due", ConferenceLetter, due_on=due_on.isoformat())

    async def reports_owed(self, due_to: date) -> list[ConferenceLetter]:
        """The professionals whose report for a conference still to come is overdue, or due by a day, and missing."""
        return await self._all("/internal/invitations/reports-owed", ConferenceLetter, due_to=due_to.isoformat())

    async def without_address(self) -> list[ConferenceLetter]:
        """The professionals invited to future conferences who have no email address."""
        return await self._all("/internal/invitations/without-address", ConferenceLetter)

    async def core_groups_due(self, first: date, last: date) -> list[CoreGroupDue]:
        """The core groups that should meet between two days (inclusive)."""
        days = {"due_from": first.isoformat(), "due_to": last.isoformat()}
        return await self._all("/internal/core-groups/due", CoreGroupDue, **days)

    async def create_link(self, wanted: ContributionLinkWanted) -> str:
        """Make a link and return its path; earlier ones of the same invitation still work."""
        path = f"/internal/invitations/{wanted.invitation_id}/contribution-links"
        made = await self._ask("POST", path, MadeContributionLink)
        return made.path
