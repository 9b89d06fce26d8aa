"""What this service publishes: identifiers, dates and statuses, never a name or free text."""

from datetime import date
from uuid import UUID

from chassis.events.event import Event
from chassis.meetings.handing_over import HandOverFollowed


class EscalationRaised(Event):
    """A formal escalation was raised."""

    type = "escalation.raised"
    about = "reference"

    reference: str
    kind: str
    owner_id: str
    agency_id: str
    area_id: str
    meeting_reference: str | None
    proposal_id: UUID | None
    raised_on: date
    due_on: date
    version: int


class EscalationRefused(Event):
    """A conference's proposal could not be raised: `field` names what the directory does not have (`rule`)."""

    type = "escalation.refused"
    about = "proposal_id"

    proposal_id: UUID
    meeting_reference: str
    field: str
    rule: str


class EscalationMoved(Event):
    """A formal escalation was moved to another stage, amended, referred to Cafcass, or reopened."""

    type = "escalation.moved"
    about = "reference"

    reference: str
    move: str
    state: str
    stage: int
    owner_id: str
    version: int


class EscalationsAnswered(Event):
    """A liaison officer answered escalations: one event for each answer and owner."""

    type = "escalation.answered"
    about = "answer_id"

    answer_id: UUID
    owner_id: str
    references: list[str]
    choice: str
    answered_on: date


class EscalationReassigned(Event):
    """A formal escalation has another owner."""

    type = "escalation.reassigned"
    about = "reference"

    reference: str
    earlier_owner_id: str
    owner_id: str
    version: int


class EscalationsReassigned(Event):
    """A manager gave some escalations of a chair to another one: one event for all of them."""

    type = "escalations.reassigned"
    about = "owner_id"

    reassignment_id: UUID
    earlier_owner_id: str
    owner_id: str
    references: list[str]
    reassigned_on: date


class EscalationsHandedOver(HandOverFollowed):
    """A chair's open escalations and challenges were handed over."""

    type = "escalations.handed_over"


class EscalationClosed(Event):
    """A formal escalation was resolved or withdrawn."""

    type = "escalation.closed"
    about = "reference"

    reference: str
    state: str
    owner_id: str
    meeting_reference: str | None
    raised_on: date
    closed_on: date
    version: int


class ChallengeRaised(Event):
    """A positive challenge was raised."""

    type = "challenge.raised"
    about = "reference"

    reference: str
    theme: str
    owner_id: str
    area_id: str
    meeting_reference: str | None
    raised_on: date


class ChallengeReassigned(Event):
    """A positive challenge has another owner."""

    type = "challenge.reassigned"
    about = "reference"

    reference: str
    earlier_owner_id: str
    owner_id: str
    version: int


class AnswerLinkRequested(Event):
    """An officer needs a new link: they asked for it, or their address was corrected.

    `references` are those of the officer's latest link for the quarter. `corrected` is the version of the colleague
    after the correction.
    """

    type = "answer_link.requested"
    about = "answer_link_id"

    answer_link_id: UUID
    colleague_id: str
    period: str
    references: list[str]
    corrected: int | None = None


PUBLISHED = (
    EscalationRaised,
    EscalationRefused,
    EscalationMoved,
    EscalationsAnswered,
    EscalationReassigned,
    EscalationsReassigned,
    EscalationsHandedOver,
    EscalationClosed,
    ChallengeRaised,
    ChallengeReassigned,
    AnswerLinkRequested,
)
