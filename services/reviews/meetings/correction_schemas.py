"""What was wrong about a review that was held."""

from typing import Any

from pydantic import Field

from chassis.base.fields import Input, PastDay, PersonId, Words
from chassis.law.participation import Participation
from services.reviews.meetings.schemas import AttendanceIn
from services.reviews.rules.vocabulary import NextStep


class ChildCorrectionIn(Input):
    """How a review really went for one child; what is left out stays."""

    person_id: PersonId
    participation: Participation | None = None
    attended: bool | None = None
    seen_alone: bool | None = None
    views: Words | None = Field(default=None, description="Null takes away what was written.")
    next_step: NextStep | None = None

    def said(self) -> dict[str, Any]:
        """What is to be another than before."""
        said = self.model_dump(exclude_unset=True, exclude={"person_id"})
        return {name: value for name, value in said.items() if value is not None or name == "views"}


class CorrectReviewIn(Input):
    """What was wrong about a review that was held; what is left out stays."""

    because: Words = Field(description="Why it is corrected: kept with the correction and in the audit.")
    held_on: PastDay | None = Field(default=None, description="The day on which it was really completed.")
    children: list[ChildCorrectionIn] = Field(default_factory=list, max_length=20)
    attendance: list[AttendanceIn] = Field(default_factory=list, max_length=100)


class ReopenReviewIn(Input):
    """Why it is taken back that a review was held."""

    because: Words
