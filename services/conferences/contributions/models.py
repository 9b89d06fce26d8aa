"""Invitations with what was contributed, and the links that professionals use."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, texts
from chassis.db.database import moment
from services.conferences.columns import Base


class InvitationBase(Shared):
    """Somebody who was invited to a conference, and what they contributed."""

    reference: str
    person_ids: list[str] = texts()
    invited_as: str
    name: str
    relationship: str | None = None
    agency_id: str | None = None
    agency_role: str | None = None
    team: str | None = None
    agency_reference: str | None = None
    area_id: str
    email: str | None = None
    automatic: bool = Column(
        default=False, description="Invited automatically: an advocate for children aged 8 or over."
    )
    invited_on: date
    report_expected: bool = False
    report_due_on: date | None = None
    report_received_on: date | None = None
    report_shared_on: date | None = Column(default=None, description="When it was shared with the family.")
    apologies_on: date | None = Column(default=None, description="When apologies were sent before the conference.")
    attendance: str | None = None
    withdrawn_on: date | None = None
    version: int = 1


class Invitation(InvitationBase, Base, table=True):
    """Somebody who was invited to a conference, and what they contributed.

    A professional has an agency, a role of it and an area; of the family the relationship is known. `apologies_on` is
    when apologies were sent beforehand; `attendance` is what was so on the day.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = Column(foreign_key="conference.id")
    chair_id: str


class ContributionLink(Base, table=True):
    """A secret address under which an invited professional says whether a report is sent or they cannot come.

    The token itself is not kept. All links of an invitation work until the day after the conference, unless they went
    to an address that was corrected; `used_at` is when something was last said by it.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    invitation_id: UUID
    token_hash: bytes = Column(sa_type=LargeBinary)
    created_at: datetime = moment()
    superseded_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    used_at: datetime | None = moment(nullable=True)
