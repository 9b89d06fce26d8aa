"""After a conference: the outline plan, the structured record and its recipients."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from chassis.base.fields import Day, Input, Line, PastDay, once_each, without_nul
from chassis.papers.schemas import FamilyViewIn
from services.conferences.meetings.schemas import DissentIn, SafetyScoreIn

Point = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(without_nul)]
Points = Annotated[list[Point], Field(max_length=40)]


class NextStepIn(Input):
    """What needs to happen, by whom and by when."""

    step: Point
    owner: Line
    due_on: Day | None = None


class ConferenceRecordIn(Input):
    """The record of a conference in the Signs of Safety order. Fields you leave out stay as they are."""

    past_harm: Points | None = Field(default=None, description="What we are worried about: what has happened.")
    future_danger: Points | None = Field(default=None, description="What we are worried about: what may happen.")
    complicating_factors: Points | None = Field(default=None, description="What makes it harder to help.")
    working_well: Points | None = Field(default=None, description="What is working well.")
    safety_goals: Points | None = Field(default=None, description="What needs to happen: how safe it has to be.")
    next_steps: Annotated[list[NextStepIn], Field(max_length=60)] | None = Field(
        default=None, description="What needs to happen, by whom and by when."
    )
    family_views: Annotated[list[FamilyViewIn], Field(max_length=40)] | None = Field(
        default=None, description="What parents and the family said."
    )
    safety_scores: Annotated[list[SafetyScoreIn], Field(max_length=40)] | None = Field(
        default=None, description="How safe the children are from 0 to 10, as each person sees it."
    )
    dissent: Annotated[list[DissentIn], Field(max_length=20)] | None = None


class CompleteConferenceRecordIn(Input):
    """When the record was completed."""

    completed_on: PastDay | None = Field(default=None, description="Today, if left out.")


class DistributeConferenceRecordIn(Input):
    """Who was sent the record, and when."""

    distributed_on: PastDay | None = Field(default=None, description="Today, if left out.")
    recipients: list[Line] = Field(min_length=1, max_length=60)


class SendOutlinePlanIn(Input):
    """When the outline plan was sent."""

    sent_on: PastDay | None = Field(default=None, description="Today, if left out.")


OUTLINE_PLAN = "outline_plan"


class GiveConferencePaperIn(Input):
    """A paper of the conference, and the people who were invited to it who are sent a link to it."""

    paper: Literal["record", "outline_plan"] = Field(description="Which paper it is.")
    recipients: Annotated[list[UUID], AfterValidator(once_each)] = Field(
        min_length=1, max_length=60, description="Their invitations."
    )
