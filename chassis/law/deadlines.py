"""What can be due for a child, because of a review or of a conference, and who must act."""

from enum import StrEnum


class About(StrEnum):
    """Whether something belongs to a looked-after child's reviews or to child protection conferences."""

    REVIEW = "review"
    CONFERENCE = "conference"


class DeadlineKind(StrEnum):
    """The kinds of deadlines."""

    REVIEW = "review"
    ALLOCATION = "allocation"
    ADJOURNED_MEETING = "adjourned_meeting"
    SOCIAL_WORKER_REPORT = "social_worker_report"
    DECISIONS = "decisions"
    MANAGER_RESPONSE = "manager_response"
    RECORD = "record"
    DISTRIBUTION = "distribution"
    VISIT = "visit"
    MIDPOINT = "midpoint"
    PROMPT = "prompt"
    MISSING_PLAN = "missing_plan"
    CARE_END = "care_end"
    CONFERENCE = "conference"
    CORE_GROUP = "core_group"
    MIDWAY_CHECK = "midway_check"
    PREPARATION_CHECK = "preparation_check"
    TWELVE_MONTH_DISCUSSION = "twelve_month_discussion"
    OUTLINE_PLAN = "outline_plan"
    PROPOSALS = "proposals"
    PLAN_END = "plan_end"


class DeadlineOwner(StrEnum):
    """The role that must act on a deadline."""

    CHAIR = "chair"
    SOCIAL_WORKER = "social_worker"
    SOCIAL_WORK_MANAGER = "social_work_manager"
    TEAM_MANAGER = "team_manager"
    BUSINESS_SUPPORT = "business_support"
