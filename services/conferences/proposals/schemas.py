"""Proposed escalations, and what their chair decides."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from chassis.base.fields import Input, Words
from chassis.base.validation import contradiction
from chassis.web.pagination import Page
from services.conferences.proposals.models import ProposalBase
from services.conferences.rules.vocabulary import ProposalReason, ProposalState


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


class ProposalDecisionIn(Input):
    """A decision about one proposal."""

    proposal_id: UUID
    confirm: bool
    dismissed_because: Words | None = Field(default=None, description="The reason for dismissing it.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.confirm == (self.dismissed_because is not None):
            contradiction(
                "reason_to_dismiss", "Confirm a proposal, or dismiss it with a reason.", "confirm", "dismissed_because"
            )
        return self


class DecideProposalsIn(Input):
    """Decisions about a conference's proposals."""

    decisions: list[ProposalDecisionIn] = Field(min_length=1, max_length=100)
