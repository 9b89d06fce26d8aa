"""Words and answers that all meetings about children share."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

MeetingTime = Annotated[time, Field(description="In Europe/London, such as `14:30`.")]
JoinLink = Annotated[str, Field(max_length=2000, pattern=r"^https://[A-Za-z0-9.-]+([:/?#][!#-;=?-~]*)?$")]


class Mode(StrEnum):
    """How people meet."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    TELEPHONE = "telephone"
    HYBRID = "hybrid"


class MeetingState(StrEnum):
    """Where a review or a conference stands; conferences alone are closed, and reviews alone adjourned."""

    PLANNED = "planned"
    ADJOURNED = "adjourned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Rating(StrEnum):
    """How somebody felt about a meeting."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class FeedbackFrom(StrEnum):
    """Whose feedback it is."""

    CHILD = "child"
    FAMILY = "family"
    CARER = "carer"
    PROFESSIONAL = "professional"


class TimescaleOut(BaseModel):
    """Something that is due because of an event."""

    kind: str = Field(description="What is due, such as a kind of meeting.")
    due_on: date = Field(description="The last day.")
    rule: str = Field(description="How it is counted, and the source of the rule.")
