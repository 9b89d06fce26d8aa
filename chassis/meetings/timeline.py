"""What happened for a child, as one list in the order in which it happens."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel

from chassis.law.deadlines import About
from chassis.meetings.details import Details


class TimelineEvent(StrEnum):
    """What can happen for a child, in the order in which it happens within a day."""

    BECAME_LOOKED_AFTER = "became_looked_after"
    TRANSFER_NOTIFIED = "transfer_notified"
    STRATEGY_DISCUSSION_HELD = "strategy_discussion_held"
    ENQUIRY_STARTED = "enquiry_started"
    CHAIR_ALLOCATED = "chair_allocated"
    VISIT = "visit"
    TELEPHONE = "telephone"
    VIDEO = "video"
    MESSAGE = "message"
    LETTER = "letter"
    PLAN_CHECKED = "plan_checked"
    MIDPOINT_CHECKED = "midpoint_checked"
    CORE_GROUP_HELD = "core_group_held"
    CORE_GROUP_MISSED = "core_group_missed"
    CONFERENCE_CANCELLED = "conference_cancelled"
    CONFERENCE_HELD = "conference_held"
    REVIEW_HELD = "review_held"
    CHAIR_CHANGED = "chair_changed"
    PLAN_STARTED = "plan_started"
    PLAN_ENDED = "plan_ended"
    TWELVE_MONTH_DISCUSSION_HELD = "twelve_month_discussion_held"
    DECISIONS_RECORDED = "decisions_recorded"
    LEAVING_CARE_DECIDED = "leaving_care_decided"
    OUTLINE_PLAN_SENT = "outline_plan_sent"
    RECORD_COMPLETED = "record_completed"
    RECORD_DISTRIBUTED = "record_distributed"
    FEEDBACK_GIVEN = "feedback_given"
    ESCALATION_RAISED = "escalation_raised"
    CEASED_TO_BE_LOOKED_AFTER = "ceased_to_be_looked_after"


class TimelineEntryOut(BaseModel):
    """One thing that happened for a child."""

    on: date
    about: About
    what: TimelineEvent
    reference: str | None
    details: Details
