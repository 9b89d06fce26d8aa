"""Words that all meetings about children share."""

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

MeetingTime = Annotated[time, Field(description="In Europe/London, such as `14:30`.")]


class Mode(StrEnum):
    """How people meet."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    TELEPHONE = "telephone"
    HYBRID = "hybrid"


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
