"""Who chairs and which agency somebody is of, by their names in the directory, as papers and pages say them."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from chassis.base.problems import Unavailable
from chassis.base.settings import Settings
from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient, ServiceOutOfReach

# No more are answered at once.
AT_ONCE = 200


class DirectorySettings(Settings):
    """The settings of a service that asks for names in the directory."""

    notifications_url: str = Field(
        default="http://127.0.0.1:8004",
        description="The notifications service, which has the directory.",
    )


class NamedEntry(Answered):
    """A colleague, an agency or an area by name, and how to reach a colleague."""

    kind: Literal["colleague", "agency", "area"]
    id: str
    name: str
    telephone: str | None = None
    email: str | None = None


class Names:
    """Names by identifier; whoever is not in the directory is called by it."""

    def __init__(self, entries: Iterable[NamedEntry]) -> None:
        self._entries = {(entry.kind, entry.id): entry for entry in entries}

    def colleague(self, colleague_id: str) -> str:
        """The name of a colleague."""
        entry = self._entries.get(("colleague", colleague_id))
        return entry.name if entry else colleague_id

    def contact(self, colleague_id: str) -> list[str]:
        """A colleague's name and how to reach them; nothing of whoever is not in the directory."""
        entry = self._entries.get(("colleague", colleague_id))
        return [said for said in (entry.name, entry.telephone, entry.email) if said] if entry else []

    def agency(self, agency_id: str | None) -> str:
        """The name of an agency; empty if there is none."""
        entry = self._entries.get(("agency", agency_id or ""))
        return entry.name if entry else agency_id or ""

    def area(self, area_id: str) -> str:
        """The name of an area."""
        entry = self._entries.get(("area", area_id))
        return entry.name if entry else area_id


class Directory(ServiceClient):
    """The directory, in the notifications service."""

    def __init__(self, process: Process) -> None:
        assert isinstance(process.settings, DirectorySettings)
        super().__init__(process, process.settings.notifications_url)

    async def names(
        self, colleague_ids: Iterable[str], agency_ids: Iterable[str | None], area_ids: Iterable[str] = ()
    ) -> Names:
        """The names of these colleagues, agencies and areas; `Unavailable` if they cannot be asked for."""
        asked = [("colleague_id", found) for found in sorted(colleague_ids)]
        asked += [("agency_id", found) for found in sorted(set(filter(None, agency_ids)))]
        asked += [("area_id", found) for found in sorted(area_ids)]
        entries: list[NamedEntry] = []
        try:
            for start in range(0, len(asked), AT_ONCE):
                params = asked[start : start + AT_ONCE]
                entries += await self._ask("GET", "/internal/directory-names", list[NamedEntry], params=params)
            return Names(entries)
        except ServiceOutOfReach:
            raise Unavailable(headers={"Retry-After": "5"}) from None

    async def names_if_reached(self, colleague_ids: Iterable[str], agency_ids: Iterable[str | None]) -> Names:
        """The same for a page that says more than names: none are known while they cannot be asked for."""
        try:
            return await self.names(colleague_ids, agency_ids)
        except Unavailable:
            return Names([])
