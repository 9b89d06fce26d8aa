"""Who is invited and what they contribute; what is proposed where they did not."""

from datetime import date, datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, EmailStr, Field, model_validator

from chassis.base.fields import Input, Line, PersonId, Slug, once_each
from chassis.base.validation import contradiction
from chassis.law.participation import Attendance
from chassis.meetings.vocabulary import Mode
from services.conferences.contributions.models import InvitationBase
from services.conferences.rules.vocabulary import ConferenceState, FamilyRelationship, InvitedAs


class InviteToConferenceIn(Input):
    """A person to invite: a professional with agency and role, a member of the family with the relationship."""

    invited_as: InvitedAs
    name: Line
    person_ids: Annotated[list[PersonId], AfterValidator(once_each)] = Field(
        default_factory=list, max_length=20, description="The children it is about; all, if empty."
    )
    relationship: FamilyRelationship | None = None
    agency_id: Slug | None = None
    agency_role: Slug | None = None
    team: Line | None = None
    agency_reference: Line | None = None
    area_id: Slug | None = Field(default=None, description="The conference's area, if left out.")
    email: EmailStr | None = None
    report_expected: bool | None = Field(
        default=None, description="True by default for professionals; never true for others."
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.agency_id is None) != (self.agency_role is None):
            contradiction(
                "both_or_neither", "Enter both an agency and the role in it, or neither.", "agency_id", "agency_role"
            )
        if self.invited_as is InvitedAs.PROFESSIONAL and self.agency_id is None:
            contradiction(
                "professional_of_agency",
                "A professional must have an agency and a role in it.",
                "invited_as",
                "agency_id",
            )
        if (self.invited_as is InvitedAs.FAMILY) != (self.relationship is not None):
            contradiction(
                "family_only",
                "A relationship is needed for a member of the family, and for nobody else.",
                "invited_as",
                "relationship",
            )
        if self.report_expected and self.invited_as is not InvitedAs.PROFESSIONAL:
            contradiction(
                "professionals_only",
                "Only professionals can be expected to send a report.",
                "invited_as",
                "report_expected",
            )
        return self


class InviteAllToConferenceIn(Input):
    """People to invite: either all are invited or none."""

    invitations: list[InviteToConferenceIn] = Field(min_length=1, max_length=100)


class ConferenceInvitationOut(InvitationBase):
    """Somebody who was invited, and what they contributed."""

    id: UUID
    invited_as: InvitedAs
    relationship: FamilyRelationship | None
    attendance: Attendance | None


class SuggestedInvitationOut(BaseModel):
    """A person invited to the children's last conference, with the details to invite them again."""

    invited_as: InvitedAs
    name: str
    relationship: FamilyRelationship | None
    agency_id: str | None
    agency_role: str | None
    team: str | None
    agency_reference: str | None
    area_id: str
    email: str | None
    from_reference: str = Field(description="The conference they were invited to.")


class InvitationLetterOut(BaseModel):
    """The details for an email to an invited person, without any child's name."""

    invitation_id: UUID
    reference: str
    state: ConferenceState
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
    mode: Mode
    venue: str | None
    join_link: str | None
    chair_id: str
    children: int
    person_ids: list[str]
    report_expected: bool
    report_due_on: date | None
    report_received_on: date | None
    apologies_on: date | None
    withdrawn: bool
    sequence: int = Field(description="It rises with each change of the meeting or of the invitation.")


class ContributionLinkTokenOut(BaseModel):
    """A new link. The token is shown once; `path` is the page's path below the gateway's address."""

    id: UUID
    token: str
    path: str


class ContributionLinkOut(BaseModel):
    """A link without its token: when it was ended by a corrected address, revoked or last used."""

    id: UUID
    invitation_id: UUID
    created_at: datetime
    superseded_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
