"""Who is invited and what they contribute; what is proposed where they did not."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, EmailStr, Field, model_validator

from chassis.base.fields import Input, Line, PersonId, Slug, once_each
from chassis.web.pagination import Page
from services.conferences.meetings.models import InvitationBase, ProposalBase
from services.conferences.rules.vocabulary import (
    Attendance,
    FamilyRelationship,
    InvitedAs,
    ProposalReason,
    ProposalState,
)


class InviteToConferenceIn(Input):
    """Somebody to invite: a professional by agency, role and name; of the family by the relationship."""

    invited_as: InvitedAs
    name: Line
    person_ids: Annotated[list[PersonId], AfterValidator(once_each)] = Field(
        default_factory=list, max_length=20, description="Whose part it is about; all, if empty."
    )
    relationship: FamilyRelationship | None = None
    agency_id: Slug | None = None
    agency_role: Slug | None = None
    team: Line | None = None
    area_id: Slug | None = Field(default=None, description="The conference's, if left out.")
    email: EmailStr | None = None
    report_expected: bool | None = Field(default=None, description="Of a professional by default, of others never.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.agency_id is None) != (self.agency_role is None):
            raise ValueError("An agency comes with the role in it.")
        if self.invited_as is InvitedAs.PROFESSIONAL and self.agency_id is None:
            raise ValueError("A professional is of an agency, in a role of it.")
        if (self.invited_as is InvitedAs.FAMILY) != (self.relationship is not None):
            raise ValueError("A member of the family, and nobody else, has a relationship.")
        if self.report_expected and self.invited_as is not InvitedAs.PROFESSIONAL:
            raise ValueError("Reports are expected of professionals alone.")
        return self


class InviteAllToConferenceIn(Input):
    """People to invite together, or not at all."""

    invitations: list[InviteToConferenceIn] = Field(min_length=1, max_length=100)


class ConferenceInvitationOut(InvitationBase):
    """Somebody who was invited, and what they contributed."""

    id: UUID
    invited_as: InvitedAs
    relationship: FamilyRelationship | None
    attendance: Attendance | None


class SuggestedInvitationOut(BaseModel):
    """Somebody who was invited to the children's last conference, as they would be invited again."""

    invited_as: InvitedAs
    name: str
    relationship: FamilyRelationship | None
    agency_id: str | None
    agency_role: str | None
    team: str | None
    area_id: str
    email: str | None
    from_reference: str = Field(description="The conference to which they were invited.")


class ProposalOut(ProposalBase):
    """An escalation that a closed conference proposes, and what became of it."""

    id: UUID
    reason: ProposalReason
    state: ProposalState


class ProposalPage(Page[ProposalOut]):
    """One page of proposals, newest first."""


class ConfirmedProposalOut(BaseModel):
    """A confirmed proposal as the escalations service raises it."""

    id: UUID
    reference: str
    person_ids: list[str]
    agency_id: str
    agency_role: str
    professional_name: str
    professional_team: str | None
    area_id: str
    reason: ProposalReason
    owner_id: str
    decided_by: str
    decided_on: date
    meeting_on: date
