"""What this service tells others: identifiers, dates and statuses, never a name or a word that somebody wrote."""

from datetime import date, time
from uuid import UUID

from chassis.events import Event
from chassis.visibility import ChildVisibilityChanged


class ConferenceEvent(Event):
    """Something became of a conference."""

    about = "reference"

    reference: str
    chair_id: str
    version: int


class ConferencePlanned(ConferenceEvent):
    """A conference was planned."""

    type = "conference.planned"

    planned_on: date
    planned_time: time | None
    mode: str
    person_ids: list[str]
    review_reference: str | None


class ConferenceMoved(ConferenceEvent):
    """A conference was moved to another day, or will be held in another way or by another chair."""

    type = "conference.moved"

    planned_on: date
    planned_time: time | None
    mode: str
    review_reference: str | None


class ConferenceCancelled(ConferenceEvent):
    """A conference was cancelled."""

    type = "conference.cancelled"

    planned_on: date


class ConferenceHeld(ConferenceEvent):
    """A conference was held, for all its children."""

    type = "conference.held"

    held_on: date
    person_ids: list[str]


class ConferenceCorrected(ConferenceEvent):
    """What was written down about a conference that was held was set right; `held_on` is the day as it is now."""

    type = "conference.corrected"

    held_on: date
    person_ids: list[str]


class ConferenceReopened(ConferenceEvent):
    """It was taken back that a conference was held, and what it decided: it is planned again."""

    type = "conference.reopened"

    planned_on: date
    person_ids: list[str]


class ConferenceClosed(ConferenceEvent):
    """A conference was closed; `proposals` says how many escalations it proposes to its chair."""

    type = "conference.closed"

    closed_on: date
    proposals: int


class ProfessionalInvited(Event):
    """A professional, an observer or an advocate was invited to a conference."""

    type = "conference.invited"
    about = "invitation_id"

    invitation_id: UUID
    reference: str
    chair_id: str
    report_due_on: date | None


class ProfessionalUninvited(Event):
    """The invitation of a professional, an observer or an advocate was taken back."""

    type = "conference.uninvited"
    about = "invitation_id"

    invitation_id: UUID
    reference: str
    chair_id: str


class ContributionChanged(Event):
    """An invited professional's contribution is another one: a report came, or apologies were sent."""

    type = "conference.contribution_changed"
    about = "invitation_id"

    invitation_id: UUID
    reference: str
    chair_id: str
    report_received_on: date | None
    apologies_on: date | None
    version: int


class ContributionLinkRequested(Event):
    """A new link is wanted at the address on file: somebody asked, or this version of the invitation corrected it."""

    type = "contribution_link.requested"
    about = "link_id"

    link_id: UUID
    invitation_id: UUID
    invitation_version: int | None = None


class EscalationsConfirmed(Event):
    """A chair confirmed proposed escalations: each of them is to be raised, once."""

    type = "conference.escalations_confirmed"
    about = "reference"

    reference: str
    chair_id: str
    proposal_ids: list[UUID]


class PlanStarted(Event):
    """A child protection plan started."""

    type = "protection_plan.started"
    about = "plan_id"

    plan_id: UUID
    person_id: str
    starts_on: date
    category: str
    reference: str | None
    version: int


class PlanEnded(Event):
    """A child protection plan ended."""

    type = "protection_plan.ended"
    about = "plan_id"

    plan_id: UUID
    person_id: str
    ends_on: date
    end_reason: str
    version: int


class PlanCorrected(Event):
    """A day or the category of a child protection plan was set right; it runs where `ends_on` is null."""

    type = "protection_plan.corrected"
    about = "plan_id"

    plan_id: UUID
    person_id: str
    starts_on: date
    ends_on: date | None
    category: str
    version: int


class PlanTakenBack(Event):
    """A child protection plan was never made: the conference that was said to have made it was not held so."""

    type = "protection_plan.taken_back"
    about = "plan_id"

    plan_id: UUID
    person_id: str
    version: int


class OutlinePlanSent(Event):
    """The outline of the plans that a conference made was sent out."""

    type = "conference.outline_plan_sent"
    about = "reference"

    reference: str
    chair_id: str
    sent_on: date


class RecordCompleted(Event):
    """The record of a conference was completed."""

    type = "conference.record_completed"
    about = "reference"

    reference: str
    chair_id: str
    completed_on: date


class RecordDistributed(Event):
    """The record of a conference was given to those who are to have it."""

    type = "conference.record_distributed"
    about = "reference"

    reference: str
    chair_id: str
    distributed_on: date


class ConcernRaised(Event):
    """A check of a plan found a concern, which goes to somebody who works on the case."""

    type = "plan_check.concern_raised"
    about = "check_id"

    check_id: UUID
    kind: str
    reference: str
    person_id: str
    chair_id: str | None
    concern_to: str
    concern_to_id: str | None


class ConferencesHandedOver(Event):
    """A chair who leaves gave children on plans and conferences to another one, all in one step."""

    type = "conferences.handed_over"
    about = "from_chair_id"

    hand_over_id: UUID
    from_chair_id: str
    to_chair_id: str
    children: int
    conferences: int
    starts_on: date


class DeadlineMissed(Event):
    """A day by which something was due went by without it."""

    type = "conference_deadline.missed"
    about = "deadline_id"

    deadline_id: UUID
    person_id: str
    kind: str
    subject: str
    due_on: date
    owner_id: str | None
    chair_id: str | None
    conference_reference: str | None


PUBLISHED = (
    ChildVisibilityChanged,
    ConferencePlanned,
    ConferenceMoved,
    ConferenceCancelled,
    ConferenceHeld,
    ConferenceCorrected,
    ConferenceReopened,
    ConferenceClosed,
    ProfessionalInvited,
    ProfessionalUninvited,
    ContributionChanged,
    ContributionLinkRequested,
    EscalationsConfirmed,
    PlanStarted,
    PlanEnded,
    PlanCorrected,
    PlanTakenBack,
    OutlinePlanSent,
    RecordCompleted,
    RecordDistributed,
    ConcernRaised,
    ConferencesHandedOver,
    DeadlineMissed,
)
