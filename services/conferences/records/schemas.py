"""What follows a conference: the outline plan, the structured record, and their way to those who are to have them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.base.fields import Day, Input, Line, PastDay, without_nul
from services.conferences.meetings.schemas import DissentIn, SafetyScoreIn

Point = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(without_nul)]
Points = Annotated[list[Point], Field(max_length=40)]


class NextStepIn(Input):
    """What needs to happen, by whom and until when."""

    step: Point
    owner: Line
    due_on: Day | None = None


class ConferenceRecordIn(Input):
    """The record of a conference in the Signs of Safety order, as far as it is written; what is left out stays."""

    past_harm: Points | None = Field(default=None, description="What we are worried about: what has happened.")
    future_danger: Points | None = Field(default=None, description="What we are worried about: what may happen.")
    complicating_factors: Points | None = Field(default=None, description="What makes it harder to help.")
    working_well: Points | None = Field(default=None, description="What is working well.")
    safety_goals: Points | None = Field(default=None, description="What needs to happen: how safe it has to be.")
    next_steps: Annotated[list[NextStepIn], Field(max_length=60)] | None = Field(
        default=None, description="What needs to happen: by whom and until when."
    )
    safety_scores: Annotated[list[SafetyScoreIn], Field(max_length=40)] | None = Field(
        default=None, description="How safe the children are from 0 to 10, by each person who said."
    )
    dissent: Annotated[list[DissentIn], Field(max_length=20)] | None = None


class CompleteConferenceRecordIn(Input):
    """That the record is complete."""

    completed_on: PastDay | None = Field(default=None, description="Today, if left out.")


class DistributeConferenceRecordIn(Input):
    """To whom the record was given, and when."""

    distributed_on: PastDay | None = Field(default=None, description="Today, if left out.")
    recipients: list[Line] = Field(min_length=1, max_length=60)


class SendOutlinePlanIn(Input):
    """That the outline of the plans went out."""

    sent_on: PastDay | None = Field(default=None, description="Today, if left out.")
