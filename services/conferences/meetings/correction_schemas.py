"""What was wrong about a conference that was held."""

from typing import Any

from pydantic import Field

from chassis.base.fields import Input, PastDay, PersonId, Words
from chassis.law.participation import Participation
from services.conferences.meetings.schemas import ConferenceAttendanceIn, CoreGroupMemberIn
from services.conferences.rules.vocabulary import Category

CLEARED = frozenset({"participation", "views"})


class ChildConferenceCorrectionIn(Input):
    """How a conference really went for one child; what is left out stays. What it decided is not corrected."""

    person_id: PersonId
    participation: Participation | None = Field(default=None, description="Null for a child who was not yet born.")
    attended: bool | None = None
    advocate: bool | None = None
    views: Words | None = Field(default=None, description="Null takes away what was written.")
    category: Category | None = Field(default=None, description="Of a plan that was made, or goes on.")

    def said(self) -> dict[str, Any]:
        """What is to be another than before."""
        said = self.model_dump(exclude_unset=True, exclude={"person_id"})
        return {name: value for name, value in said.items() if value is not None or name in CLEARED}


class CorrectConferenceIn(Input):
    """What was wrong about a conference that was held; what is left out stays."""

    because: Words = Field(description="Why it is corrected: kept with the correction and in the audit.")
    held_on: PastDay | None = Field(default=None, description="The day on which it was really held.")
    children: list[ChildConferenceCorrectionIn] = Field(default_factory=list, max_length=20)
    attendance: list[ConferenceAttendanceIn] = Field(
        default_factory=list, max_length=100, description="Until it is closed: its proposals are derived from it."
    )
    family_contacted_on: PastDay | None = None
    family_met: bool | None = None
    inquorate_because: Words | None = None
    core_group: list[CoreGroupMemberIn] | None = Field(default=None, max_length=40, description="All its members.")

    def said_of_meeting(self) -> dict[str, Any]:
        """What is to be another than before about the conference itself."""
        names = {"family_contacted_on", "family_met", "inquorate_because", "core_group"}
        return self.model_dump(include=names, exclude_none=True)


class ReopenConferenceIn(Input):
    """Why it is taken back that a conference was held."""

    because: Words
