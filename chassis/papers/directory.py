"""Who chairs and which agency somebody is of, by their names in the directory, as a paper says them."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from chassis.base.fields import in_words
from chassis.base.problems import Unavailable
from chassis.base.settings import Settings
from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient, ServiceOutOfReach


class DirectorySettings(Settings):
    """The settings of a service that asks for names in the directory."""

    notifications_url: str = Field(
        default="http://127.0.0.1:8004",
        description="The notifications service, which has the directory.",
    )


class NamedEntry(Answered):
    """A colleague or an agency by name."""

    kind: Literal["colleague", "agency"]
    id: str
    name: str


class Names:
    """Names by identifier; whoever is not in the directory is called by it."""

    def __init__(self, entries: Iterable[NamedEntry]) -> None:
        self._names = {(entry.kind, entry.id): entry.name for entry in entries}

    def colleague(self, colleague_id: str) -> str:
        """The name of a colleague."""
        return self._names.get(("colleague", colleague_id), colleague_id)

    def agency(self, agency_id: str | None) -> str:
        """The name of an agency; empty if there is none."""
        return self._names.get(("agency", agency_id), in_words(agency_id)) if agency_id else ""


class Directory(ServiceClient):
    """The directory, in the notifications service."""

    def __init__(self, process: Process) -> None:
        assert isinstance(process.settings, DirectorySettings)
        super().__init__(process, process.settings.notifications_url)

    async def names(self, colleague_ids: Iterable[str], agency_ids: Iterable[str | None]) -> Names:
        """The names of these colleagues and agencies; `Unavailable` if they cannot be asked for."""
        asked = {"colleague_id": sorted(colleague_ids), "agency_id": sorted(set(filter(None, agency_ids)))}
        try:
            return Names(await self._ask("GET", "/internal/directory-names", list[NamedEntry], params=asked))
        except ServiceOutOfReach:
            raise Unavailable(headers={"Retry-After": "5"}) from None
