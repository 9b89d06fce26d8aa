"""What this service asks of others over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.children.models import ChildIdentityBase
from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.children.settings import settings_of


class EarlierMerge(Answered):
    """A merge of person numbers from before this service kept them."""

    id: UUID
    from_person_id: str
    into_person_id: str
    merged_at: datetime
    merged_by: str
    reason: str
    undone_at: datetime | None
    undone_by: str | None


class Finder(ServiceClient):
    """A service with meetings about children, which finds children in what is imported there."""

    async def found(self, person_ids: Sequence[str]) -> list[ChildIdentityBase]:
        """What it found of these children, as far as it has not been told about them."""
        params = {"person_id": list(person_ids)}
        return await self._ask("GET", "/internal/children-found", list[ChildIdentityBase], params=params)

    async def found_after(self, person_id: str) -> list[ChildIdentityBase]:
        """The next of all whom it found, by number."""
        params = {"after": person_id}
        return await self._ask("GET", "/internal/children-found", list[ChildIdentityBase], params=params)

    async def common_meetings(self, from_person_id: str, into_person_id: str) -> list[str]:
        """The references of the meetings that two numbers have in common."""
        params = {"from_person_id": from_person_id, "into_person_id": into_person_id}
        return await self._ask("GET", "/internal/merge-obstacles", list[str], params=params)

    async def earlier_merges(self) -> list[EarlierMerge]:
        """The merges that it kept itself, before this service did."""
        return await self._ask("GET", "/internal/person-merges", list[EarlierMerge])


def finders(process: Process) -> dict[str, Finder]:
    """The services with meetings about children, by name."""
    return {name: Finder(process, url) for name, url in settings_of(process).found_by().items()}
