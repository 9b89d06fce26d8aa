"""What this service keeps."""

from services.conferences.tables.between import (
    CoreGroup,
    Feedback,
    PlanCheck,
    RaisedEscalation,
    TakenBack,
    TwelveMonthDiscussion,
)
from services.conferences.tables.children import Child, ConferenceRequest, Deadline, ProtectionPlan
from services.conferences.tables.columns import Base
from services.conferences.tables.conferences import (
    ChildConference,
    Conference,
    ContributionLink,
    Correction,
    Invitation,
    Proposal,
)

__all__ = [
    "Base",
    "Child",
    "ChildConference",
    "Conference",
    "ConferenceRequest",
    "ContributionLink",
    "CoreGroup",
    "Correction",
    "Deadline",
    "Feedback",
    "Invitation",
    "PlanCheck",
    "Proposal",
    "ProtectionPlan",
    "RaisedEscalation",
    "TakenBack",
    "TwelveMonthDiscussion",
]
