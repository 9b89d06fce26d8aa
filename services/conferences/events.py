"""The events that this service publishes: identifiers, dates and states, never names or free text."""

from datetime import date, time
from uuid import UUID

from chassis.access.visibility import ChildVisibilityChanged
from chassis.children.events import ChildFound
from chassis.events.event import Event
from chassis.meetings.codes import LinkCodeRequested
from chassis.meetings.handing_over import HandOverFollowed
from chassis.papers.distribution import PaperLinkRequested


class AboutConference(Event):
    """Something happened that belongs to a conference."""

    about = "reference"

    reference: str
    chair_id: str


class ConferenceEvent(AboutConference):
    """Something became of a conference."""

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
    """The record of a held conference was corrected; `held_on` is the date as it is now."""

    type = "conference.corrected"

    held_on: date
    person_ids: list[str]


class ConferenceReopened(ConferenceEvent):
    """A conference was reopened: it is planned again, and what it decided is withdrawn."""

    type = "conference.reopened"

    planned_on: date
    person_ids: list[str]


class ConferenceClosed(ConferenceEvent):
    """A conference was closed; `proposals` says how many escalations it proposes to its chair."""

    type = "conference.closed"

    closed_on: date
    proposals: int


class InvitationEvent(Event):
    """Something became of an invitation to a conference."""

    about = "invitation_id"

    invitation_id: UUID
    reference: str
    chair_id: str


class ProfessionalInvited(InvitationEvent):
    """A professional, an observer or an advocate was invited to a conference, or is to be sent the invitation again."""

    type = "conference.invited"

    report_due_on: date | None
    # The version of the invitation that is sent again.
    again: int | None = None


class ProfessionalUninvited(InvitationEvent):
    """The invitation of a professional, an observer or an advocate was withdrawn."""

    type = "conference.uninvited"


class ContributionChanged(InvitationEvent):
    """An invited professional's contribution changed: a report was received, or apologies were sent."""

    type = "conference.contribution_changed"

    report_received_on: date | None
    apologies_on: date | None
    version: int


class ContributionLinkRequested(Event):
    """A new link is to be sent to the address on file: it was requested, or the address was corrected."""

    type = "contribution_link.requested"
    about = "link_id"

    link_id: UUID
    invitation_id: UUID
    invitation_version: int | None = None


class EscalationsConfirmed(AboutConference):
    """A chair confirmed proposed escalations: each of them is to be raised, once."""

    type = "conference.escalations_confirmed"

    proposal_ids: list[UUID]


class PlanEvent(Event):
    """Something became of a child protection plan."""

    about = "plan_id"

    plan_id: UUID
    person_id: str
    version: int


class PlanStarted(PlanEvent):
    """A child protection plan started."""

    type = "protection_plan.started"

    starts_on: date
    category: str
    reference: str | None


class PlanEnded(PlanEvent):
    """A child protection plan ended."""

    type = "protection_plan.ended"

    ends_on: date
    end_reason: str


class PlanCorrected(PlanEvent):
    """A date or the category of a child protection plan was corrected; it runs while `ends_on` is null."""

    type = "protection_plan.corrected"

    starts_on: date
    ends_on: date | None
    category: str


class PlanVoided(PlanEvent):
    """A child protection plan was never made: the conference that was said to have made it was not held so."""

    type = "protection_plan.voided"


class ChildPlanChanged(Event):
    """A child is on a child protection plan since this date, or on none; a database trigger publishes it."""

    type = "child.protection_plan_changed"
    about = "person_id"

    person_id: str
    protection_plan_since: date | None
    version: int


class OutlinePlanSent(AboutConference):
    """The outline plan of a conference was sent."""

    type = "conference.outline_plan_sent"

    sent_on: date
    # Whether each recipient is sent a link of their own.
    by_link: bool = False


class RecordCompleted(AboutConference):
    """The record of a conference was completed."""

    type = "conference.record_completed"

    completed_on: date


class RecordDistributed(AboutConference):
    """The record of a conference was distributed."""

    type = "conference.record_distributed"

    distributed_on: date
    # Whether each recipient is sent a link of their own.
    by_link: bool = False


class ConcernRaised(Event):
    """A check of a plan found a concern, which is sent to somebody who works on the case."""

    type = "plan_check.concern_raised"
    about = "check_id"

    check_id: UUID
    kind: str
    reference: str
    person_id: str
    chair_id: str | None
    concern_to: str
    concern_to_id: str | None


class ConferencesHandedOver(HandOverFollowed):
    """A chair's children and conferences were handed over, but for conflicts of the new chair."""

    type = "conferences.handed_over"


class DeadlineMissed(Event):
    """A due date passed without what was due."""

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
    ChildFound,
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
    LinkCodeRequested,
    PaperLinkRequested,
    EscalationsConfirmed,
    PlanStarted,
    PlanEnded,
    PlanCorrected,
    PlanVoided,
    ChildPlanChanged,
    OutlinePlanSent,
    RecordCompleted,
    RecordDistributed,
    ConcernRaised,
    ConferencesHandedOver,
    DeadlineMissed,
)
