"""What this service asks of a service whose links' holders asked for a code."""

from uuid import UUID

from chassis.web.service_clients import Answered, ServiceClient


class IssuedLinkCode(Answered):
    """A code that is shown once, with where it goes; none where it would come too late."""

    link_id: UUID
    email: str
    code: str | None


class LinkCodes(ServiceClient):
    """The codes of one service's links."""

    async def issue(self, code_id: UUID) -> IssuedLinkCode:
        """Have a code made for its email; what was made for it before works no more."""
        return await self._ask("POST", f"/internal/link-codes/{code_id}/issue", IssuedLinkCode)
