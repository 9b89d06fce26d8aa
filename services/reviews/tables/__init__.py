"""What this service keeps."""

from services.reviews.tables.between import (
    Contact,
    DisruptionReferral,
    Feedback,
    LeavingCareDecision,
    MidpointCheck,
    PromptDone,
    RaisedEscalation,
    TakenBack,
)
from services.reviews.tables.children import Allocation, Deadline, LookedAfterChild, PeriodOfCare, PersonMerge
from services.reviews.tables.columns import Base
from services.reviews.tables.diary import ConferenceInDiary, DiaryFeed
from services.reviews.tables.meetings import ChildReview, Correction, Decision, Invitation, Review

__all__ = [
    "Allocation",
    "Base",
    "ChildReview",
    "ConferenceInDiary",
    "Contact",
    "Correction",
    "Deadline",
    "Decision",
    "DiaryFeed",
    "DisruptionReferral",
    "Feedback",
    "Invitation",
    "LeavingCareDecision",
    "LookedAfterChild",
    "MidpointCheck",
    "PeriodOfCare",
    "PersonMerge",
    "PromptDone",
    "RaisedEscalation",
    "Review",
    "TakenBack",
]
