"""What letters about a review need: when and where it is, and who gets one."""

from datetime import date, time
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.meetings.vocabulary import Mode
from services.reviews.rules.vocabulary import ReviewState


class LetterChildOut(BaseModel):
    """A child who receives a letter about a review."""

    person_id: str
    email: str | None
    age: int = Field(description="In years on the day of the meeting.")
    advocate: bool = Field(description="Whether an advocate is invited automatically.")


class ParentOut(BaseModel):
    """A parent who gets letters about a review."""

    invitation_id: UUID
    name: str
    address: str
    person_ids: list[str]


class LettersOut(BaseModel):
    """What letters about a review need, without names."""

    reference: str
    state: ReviewState
    planned_on: date
    planned_time: time | None
    mode: Mode
    venue: str | None
    join_link: str | None
    chair_id: str
    advocate_email: str | None
    children: list[LetterChildOut]
    version: int
