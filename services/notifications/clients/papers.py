"""What this service asks of a service that gives papers to people by links."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from chassis.web.service_clients import Answered, ServiceClient


class PaperLinkWanted(BaseModel, frozen=True):
    """The link to a paper that a message needs, and the service whose paper it is."""

    service: str
    link_id: UUID


class IssuedPaperLink(Answered):
    """A link that is shown once, with where it goes; none where it works no more."""

    reference: str
    paper: str
    email: str
    person_ids: list[str]
    expires_on: date
    path: str | None


class PaperLinks(ServiceClient):
    """The links to one service's papers."""

    async def issue(self, link_id: UUID) -> IssuedPaperLink:
        """Have a link made for its email; what was made for it before works no more."""
        return await self._ask("POST", f"/internal/paper-links/{link_id}/issue", IssuedPaperLink)
