"""What asks for a first conference: section 47 enquiries, and transfers from other authorities."""

from typing import Self

from pydantic import Field, model_validator

from chassis.base.fields import Input, Line, PastDay, PersonId
from chassis.base.validation import contradiction
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.conferences.enquiries.models import ConferenceRequestBase
from services.conferences.rules.vocabulary import RequestKind


class SectionFortySevenEnquiryIn(Input):
    """The whole record of a section 47 enquiry from the case-management system."""

    person_id: PersonId
    started_on: PastDay
    strategy_discussion_on: PastDay | None = Field(
        default=None,
        description="Starts the enquiry. The conference is counted from it, or from the start if none.",
    )
    conference_not_required: bool = Field(default=False, description="The enquiry ended without a conference.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.strategy_discussion_on is not None and self.strategy_discussion_on < self.started_on:
            contradiction(
                "after_start",
                "The strategy discussion must not be before the start of the enquiry.",
                "started_on",
                "strategy_discussion_on",
            )
        return self


class TransferInIn(Input):
    """The whole record of another authority's notification that a child with a plan is moving here."""

    person_id: PersonId
    notified_on: PastDay
    from_authority: Line
    conference_not_required: bool = Field(default=False, description="The child did not move after all.")


class ConferenceRequestOut(ConferenceRequestBase, Named):
    """An enquiry or transfer that needs a first conference, and the conference held for it."""

    kind: RequestKind


class ConferenceRequestPage(Page[ConferenceRequestOut]):
    """One page of enquiries or transfers, newest first."""
