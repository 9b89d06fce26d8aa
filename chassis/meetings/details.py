"""What there is to know about each kind of thing that happened, and what each kind of record said that was voided.

Each has its own fields and no others, so that whoever reads an answer can tell them apart.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Closed(BaseModel):
    """Something with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class NothingMore(Closed):
    """Nothing more: a child became looked after or ceased to be, or a core group was missed."""


class ChairDetails(Closed):
    """Of `chair_allocated`."""

    chair_id: str


class ChangedChairDetails(Closed):
    """Of `chair_changed`."""

    chair_id: str
    previous_chair_id: str = Field(description="Who chaired the conference before.")


class ReviewHeldDetails(Closed):
    """Of `review_held`."""

    kind: str | None = Field(description="The kind of review.")
    in_time: bool | None
    participation: str | None


class ConferenceHeldDetails(Closed):
    """Of `conference_held`."""

    kind: str = Field(description="The kind of conference.")
    outcome: str | None
    in_time: bool | None
    category: str | None
    participation: str | None
    chair_id: str | None


class MeetingDetails(Closed):
    """Of what is done about a meeting: decisions, outline plan, record, distribution, cancelling."""

    kind: str | None = Field(description="The kind of review or conference.")


class ContactDetails(Closed):
    """Of `visit`, `telephone`, `video`, `message` and `letter`."""

    made_by: str


class MidpointDetails(Closed):
    """Of `midpoint_checked`."""

    on_track: bool


class LeavingCareDetails(Closed):
    """Of `leaving_care_decided`."""

    approved: bool | None


class EnquiryDetails(Closed):
    """Of `enquiry_started`."""

    request_id: str
    conference_not_required: bool


class StrategyDetails(Closed):
    """Of `strategy_discussion_held`."""

    request_id: str
    due_on: date | None


class TransferDetails(Closed):
    """Of `transfer_notified`."""

    request_id: str
    due_on: date | None
    from_authority: str | None


class PlanStartedDetails(Closed):
    """Of `plan_started`."""

    initial_category: str = Field(description="The category of abuse at the start.")
    previous_plans: int = Field(description="How many plans there were before.")


class PlanEndedDetails(Closed):
    """Of `plan_ended`."""

    end_reason: str
    latest_category: str = Field(description="The category of abuse at the end.")


class CoreGroupDetails(Closed):
    """Of `core_group_held`."""

    due_on: date


class PlanCheckDetails(Closed):
    """Of `plan_checked`."""

    kind: str = Field(description="The kind of check.")
    due_on: date | None
    done_by: str
    concern_to: str | None


class DiscussionDetails(Closed):
    """Of `twelve_month_discussion_held`."""

    led_by: str
    due_on: date


class FeedbackDetails(Closed):
    """Of `feedback_given`."""

    from_whom: str = Field(description="Who gave it.")
    rating: str = Field(description="How it was rated.")


class EscalationDetails(Closed):
    """Of `escalation_raised`."""

    reference: str = Field(description="The escalation's reference.")
    formal: bool = Field(description="Whether it is a formal escalation.")


Details = (
    NothingMore
    | ChairDetails
    | ChangedChairDetails
    | ReviewHeldDetails
    | ConferenceHeldDetails
    | MeetingDetails
    | ContactDetails
    | MidpointDetails
    | LeavingCareDetails
    | EnquiryDetails
    | StrategyDetails
    | TransferDetails
    | PlanStartedDetails
    | PlanEndedDetails
    | CoreGroupDetails
    | PlanCheckDetails
    | DiscussionDetails
    | FeedbackDetails
    | EscalationDetails
)


class ContactSaid(Closed):
    """What a `contact` said."""

    id: UUID
    person_id: str
    kind: str = Field(description="The kind of contact.")
    happened_on: date
    made_by: str
    seen_alone: bool | None
    note: str | None
    recorded_at: datetime


class MidpointCheckSaid(Closed):
    """What a `midpoint_check` said."""

    id: UUID
    person_id: str
    reviewed_on: date
    due_on: date
    done_on: date
    done_by: str
    on_track: bool
    note: str | None


class PromptSaid(Closed):
    """What a `prompt_done` said."""

    id: UUID
    person_id: str
    prompt: str = Field(description="Which prompt it was.")
    care_since: date
    done_on: date
    done_by: str
    outcome: str | None = Field(default=None, description="What became of a Life Links referral.")
    outcome_on: date | None = Field(default=None, description="When that was known.")


class FeedbackSaid(Closed):
    """What `feedback` said."""

    id: UUID
    reference: str
    person_ids: list[str]
    from_whom: str = Field(description="Who gave it.")
    rating: str = Field(description="How it was rated.")
    comment: str | None
    given_on: date
    recorded_by: str


class PlanCheckSaid(Closed):
    """What a `plan_check` said."""

    id: UUID
    kind: str = Field(description="The kind of check.")
    reference: str
    person_id: str
    due_on: date | None
    done_on: date
    done_by: str
    visits_in_time: bool
    core_groups_held: bool
    progress: str | None
    impact: str | None
    concern: str | None
    concern_to: str | None
    concern_to_id: str | None


class TopicSaid(Closed):
    """A topic of an agenda, with what was said."""

    topic: str = Field(description="The topic.")
    note: str


class DiscussionSaid(Closed):
    """What a `twelve_month_discussion` said."""

    id: UUID
    person_id: str
    plan_id: UUID
    due_on: date
    held_on: date
    led_by: str
    chair_id: str | None
    attended: list[str] = Field(description="Who attended.")
    conclusion: str
    agenda: list[TopicSaid]


class GroupMemberSaid(Closed):
    """A member of a core group, and whether they attended."""

    name: str
    role: str
    attended: bool


class CoreGroupSaid(Closed):
    """What a `core_group` said."""

    id: UUID
    reference: str
    person_id: str
    due_on: date
    held_on: date | None
    missed_because: str | None
    next_on: date | None
    recorded_on: date
    recorded_by: str
    attended: list[GroupMemberSaid] = Field(description="The members, and whether they attended.")
    event_on: date = Field(description="The day from which the next one is counted.")


Said = ContactSaid | MidpointCheckSaid | PromptSaid | FeedbackSaid | PlanCheckSaid | DiscussionSaid | CoreGroupSaid
