"""What is said about a contribution afterwards, and the links by which invited professionals say it themselves."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field

from chassis.base.fields import Input, Line, PastDay


class ChangeInvitationIn(Input):
    """What is now known of an invited person or their contribution; what is left out stays, null takes a day back."""

    name: Line | None = None
    team: Line | None = None
    email: EmailStr | None = None
    report_expected: bool | None = None
    report_received_on: PastDay | None = None
    report_shared_on: PastDay | None = Field(default=None, description="When it was shared with the family.")
    apologies_on: PastDay | None = Field(default=None, description="When apologies were sent beforehand.")


class ContributionLinkTokenOut(BaseModel):
    """A new link. The token is told this once; `path` is the page's, below the address of the gateway."""

    id: UUID
    token: str
    path: str


class ContributionLinkOut(BaseModel):
    """A link without its token: whether it was replaced or revoked, and when something was last said by it."""

    id: UUID
    invitation_id: UUID
    created_at: datetime
    superseded_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
