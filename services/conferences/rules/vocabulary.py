"""The words of child protection conferences and plans, and the codes of the children in need census."""

from enum import StrEnum


class ConferenceKind(StrEnum):
    """What a conference is for one child; what comes next follows from it."""

    INITIAL = "initial"
    TRANSFER_IN = "transfer_in"
    FIRST_REVIEW = "first_review"
    LATER_REVIEW = "later_review"


# These decide whether there is to be a plan; the others look at one that there is.
INITIAL_KINDS = frozenset({ConferenceKind.INITIAL, ConferenceKind.TRANSFER_IN})


class RequestKind(StrEnum):
    """What a child's first conference answers."""

    SECTION_47_ENQUIRY = "section_47_enquiry"
    TRANSFER_IN = "transfer_in"


class Category(StrEnum):
    """The category of abuse under which a child has a plan, by its code in the census."""

    NEGLECT = "NEG"
    PHYSICAL = "PHY"
    SEXUAL = "SAB"
    EMOTIONAL = "EMO"
    MULTIPLE = "MUL"


class Outcome(StrEnum):
    """What a conference decided for one child."""

    PLAN_MADE = "plan_made"
    NOT_MADE = "not_made"
    CONTINUES = "continues"
    ENDED = "ended"


class PlanEnd(StrEnum):
    """Why a plan ended: nothing else ends one."""

    CONFERENCE = "conference"
    TRANSFER_OUT = "transfer_out"
    EIGHTEENTH_BIRTHDAY = "eighteenth_birthday"
    DEATH = "death"
    LEFT_THE_UNITED_KINGDOM = "left_the_united_kingdom"


class ConferenceState(StrEnum):
    """Where a conference stands; once it is closed, what was missing is proposed for escalation."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class InvitedAs(StrEnum):
    """In which capacity somebody is invited."""

    PROFESSIONAL = "professional"
    FAMILY = "family"
    ADVOCATE = "advocate"
    OBSERVER = "observer"


class FamilyRelationship(StrEnum):
    """Who an invited member of the family is to the children."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    STEP_PARENT = "step_parent"
    CARER = "carer"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    RELATIVE = "relative"
    OTHER = "other"


class ReportTiming(StrEnum):
    """Whether a professional's report was on time."""

    NOT_EXPECTED = "not_expected"
    IN_TIME = "in_time"
    LATE = "late"
    NONE = "none"


class ProposalReason(StrEnum):
    """How a professional failed a conference, in the words of the escalations."""

    NO_REPORT_NO_APOLOGIES = "no_report_no_apologies"
    NO_REPORT_SENT_APOLOGIES = "no_report_sent_apologies"
    NO_REPORT_ATTENDED = "no_report_attended"
    NO_APOLOGIES = "no_apologies"


class ProposalState(StrEnum):
    """Where a proposed escalation stands.

    A confirmed one waits for the escalations service, which raises it or, where it cannot, refuses it with the reason.
    """

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    RAISED = "raised"
    REFUSED = "refused"
    DISMISSED = "dismissed"


class CheckKind(StrEnum):
    """When a chair looks at a plan between conferences."""

    MIDWAY = "midway"
    PREPARATION = "preparation"


class ConcernTo(StrEnum):
    """Who a concern found by a check is sent to."""

    SOCIAL_WORKER = "social_worker"
    PRACTICE_SUPERVISOR = "practice_supervisor"
    TEAM_MANAGER = "team_manager"
