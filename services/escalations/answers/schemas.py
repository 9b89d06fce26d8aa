"""Answers, and the links by which officers give them."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from chassis.base.fields import ColleagueId, Day, Input, without_nul
from chassis.web.pagination import Page
from services.escalations.answers.models import AnswerBase, AnswerLinkBase
from services.escalations.escalations.schemas import References
from services.escalations.rules import Choice


class AnswerIn(Input):
    """A liaison officer's answer, recorded on their behalf."""

    references: References
    choice: Choice
    expected_on: Day | None = Field(default=None, description="When they will know. Only with `still_looking`.")
    note: Annotated[str, Field(max_length=2000), AfterValidator(without_nul)] | None = None
    on_behalf_of: ColleagueId | None = Field(default=None, description="The officer whose answer it is.")


class AnswerOut(AnswerBase):
    """An answer to one or many escalations."""

    id: UUID


class AnswerLinkIn(Input):
    """A link by which one officer answers their escalations of a quarter."""

    colleague_id: ColleagueId
    period: Annotated[str, Field(pattern=r"^\d{4}-Q[1-4]$", description="The quarter, such as `2019-Q1`.")]
    references: References
    expires_on: Day = Field(description="The last day on which it works.")


class ResponsibleIn(Input):
    """The officer who is responsible for some escalations."""

    officer_id: ColleagueId | None = Field(description="Null if nobody covers them.")
    references: References


class OfficersIn(Input):
    """Who is responsible for open escalations now."""

    officers: list[ResponsibleIn]


class NamedOfficersOut(BaseModel):
    """How many escalations have another officer now."""

    changed: int


class AnswerLinkTokenOut(BaseModel):
    """A new link. Its token is shown once."""

    id: UUID
    token: str


class AnswerLinkOut(AnswerLinkBase):
    """A link by which an officer can answer."""

    id: UUID
    unanswered: int = Field(description="How many of its escalations are to be answered now.")


class AnswerLinkPage(Page[AnswerLinkOut]):
    """One page of answer links, newest first."""
