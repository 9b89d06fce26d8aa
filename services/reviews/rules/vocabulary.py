"""The words of looked-after children's reviews, and the codes of the SSDA903 return."""

from enum import StrEnum


class ReviewKind(StrEnum):
    """The kind of a review for one child; it decides which comes next."""

    FIRST = "first"
    SECOND = "second"
    LATER = "later"
    SHORT_BREAK_FIRST = "short_break_first"
    SHORT_BREAK_LATER = "short_break_later"
    ADOPTION_AUTHORISED_FIRST = "adoption_authorised_first"
    ADOPTION_AUTHORISED_LATER = "adoption_authorised_later"
    ADOPTION_PLACED_FIRST = "adoption_placed_first"
    ADOPTION_PLACED_SECOND = "adoption_placed_second"
    ADOPTION_PLACED_LATER = "adoption_placed_later"
    ADOPTION_RETURNED = "adoption_returned"
    SECURE_FIRST = "secure_first"
    SECURE_LATER = "secure_later"
    DISRUPTION = "disruption"


class Track(StrEnum):
    """The sequence that a review belongs to; each has its own due dates."""

    CARE = "care"
    SHORT_BREAKS = "short_breaks"
    ADOPTION_AUTHORISED = "adoption_authorised"
    ADOPTION_PLACED = "adoption_placed"
    ADOPTION_RETURNED = "adoption_returned"
    SECURE = "secure"
    DISRUPTION = "disruption"


TRACKS = {
    ReviewKind.FIRST: Track.CARE,
    ReviewKind.SECOND: Track.CARE,
    ReviewKind.LATER: Track.CARE,
    ReviewKind.SHORT_BREAK_FIRST: Track.SHORT_BREAKS,
    ReviewKind.SHORT_BREAK_LATER: Track.SHORT_BREAKS,
    ReviewKind.ADOPTION_AUTHORISED_FIRST: Track.ADOPTION_AUTHORISED,
    ReviewKind.ADOPTION_AUTHORISED_LATER: Track.ADOPTION_AUTHORISED,
    ReviewKind.ADOPTION_PLACED_FIRST: Track.ADOPTION_PLACED,
    ReviewKind.ADOPTION_PLACED_SECOND: Track.ADOPTION_PLACED,
    ReviewKind.ADOPTION_PLACED_LATER: Track.ADOPTION_PLACED,
    ReviewKind.ADOPTION_RETURNED: Track.ADOPTION_RETURNED,
    ReviewKind.SECURE_FIRST: Track.SECURE,
    ReviewKind.SECURE_LATER: Track.SECURE,
    ReviewKind.DISRUPTION: Track.DISRUPTION,
}
# A child has one main clock at a time; those of a secure placement and of a return by adopters run beside it.
MAIN_TRACKS = frozenset({Track.CARE, Track.SHORT_BREAKS, Track.ADOPTION_AUTHORISED, Track.ADOPTION_PLACED})
# The reviews of a child's case as a whole: each is the one before for the main clock, whichever that is by then.
CASE_TRACKS = MAIN_TRACKS | {Track.ADOPTION_RETURNED}
# What a caller may ask for by name; which main clock runs follows from the records.
NAMED_TRACKS = frozenset({Track.SECURE, Track.ADOPTION_RETURNED, Track.DISRUPTION})
# What the statutory return and the count of looked-after children's reviews are about.
RETURNED_TRACKS = CASE_TRACKS - {Track.SHORT_BREAKS}


class LegalStatus(StrEnum):
    """The legal status of an episode, by its SSDA903 code."""

    INTERIM_CARE_ORDER = "C1"
    CARE_ORDER = "C2"
    FREEING_ORDER = "D1"
    PLACEMENT_ORDER = "E1"
    ACCOMMODATED = "V2"
    SHORT_BREAKS_RECORDED_SINGLY = "V3"
    SHORT_BREAKS = "V4"
    REMAND = "J1"
    POLICE_AND_CRIMINAL_EVIDENCE_ACT = "J2"
    SENTENCED = "J3"
    POLICE_PROTECTION = "L1"
    EMERGENCY_PROTECTION_ORDER = "L2"
    CHILD_ASSESSMENT_ORDER = "L3"


SHORT_BREAK_STATUSES = frozenset({LegalStatus.SHORT_BREAKS_RECORDED_SINGLY, LegalStatus.SHORT_BREAKS})
SECURE_PLACEMENT = "K1"
ADOPTION_PLACEMENTS = frozenset({"A3", "A4", "A5", "A6"})


class EarlyTrigger(StrEnum):
    """Why a review must be brought forward (regulation 33(3))."""

    CHAIR_ASKED = "chair_asked"
    WELFARE_NOT_SAFEGUARDED = "welfare_not_safeguarded"
    POLICE_PROTECTION_REMAND_OR_CUSTODY_ENDS = "police_protection_remand_or_custody_ends"
    ACCOMMODATION_ENDS = "accommodation_ends"


class ReviewState(StrEnum):
    """The state of a review meeting."""

    PLANNED = "planned"
    ADJOURNED = "adjourned"
    HELD = "held"
    CANCELLED = "cancelled"


class NextStep(StrEnum):
    """What happens next for a child after a review."""

    CONTINUE = "continue"
    EARLY_REVIEW = "early_review"
    CEASES = "ceases"


class DecisionState(StrEnum):
    """The state of a decision with the social work manager."""

    SENT = "sent"
    AGREED = "agreed"
    AGREED_BY_SILENCE = "agreed_by_silence"
    OBJECTED = "objected"
    SETTLED = "settled"


class Relationship(StrEnum):
    """Who an invited person is to the child, or their part in the child's care."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    SIBLING = "sibling"
    RELATIVE = "relative"
    CARER = "carer"
    SOCIAL_WORKER = "social_worker"
    ADVOCATE = "advocate"
    SCHOOL = "school"
    HEALTH = "health"
    FOSTERING_WORKER = "fostering_worker"
    RESIDENTIAL_WORKER = "residential_worker"
    YOUTH_JUSTICE_WORKER = "youth_justice_worker"
    INDEPENDENT_PANEL_MEMBER = "independent_panel_member"
    PANEL_MEMBER = "panel_member"
    OTHER = "other"


PARENTS = frozenset({Relationship.MOTHER, Relationship.FATHER, Relationship.PARENT})


class Plan(StrEnum):
    """A plan that a review looks at."""

    CARE = "care"
    PLACEMENT = "placement"
    HEALTH = "health"
    EDUCATION = "education"
    PATHWAY = "pathway"
    ADOPTION = "adoption"


class ContactKind(StrEnum):
    """How a chair was in contact with a child between reviews."""

    VISIT = "visit"
    TELEPHONE = "telephone"
    VIDEO = "video"
    MESSAGE = "message"
    LETTER = "letter"


class Prompt(StrEnum):
    """What a chair is reminded to do."""

    LEAFLET = "leaflet"
    LEAFLET_REMAND = "leaflet_remand"
    LEAFLET_DISABILITY = "leaflet_disability"
    LEAFLET_UNACCOMPANIED = "leaflet_unaccompanied"
    PERMANENCE_PLAN = "permanence_plan"
    LIFE_LINKS = "life_links"
    LATER_LIFE_LETTER = "later_life_letter"


class ReferralOutcome(StrEnum):
    """What became of a Life Links referral; one without any of these is open."""

    DECLINED = "declined"
    WORKED_WITH = "worked_with"


class Approval(StrEnum):
    """Who must approve that a child stops being looked after."""

    NOMINATED_OFFICER = "nominated_officer"
    DIRECTOR = "director"


class ReferralState(StrEnum):
    """The state of a referral for a disruption meeting."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
