"""Hand-overs: who takes over everything of a chair, and how far that is."""

from pydantic import Field

from chassis.base.fields import ColleagueId, Day, Input, Words
from chassis.meetings.handing_over import HandOverRefusal
from chassis.web.pagination import Page
from services.notifications.hand_overs.models import HandOverBase, HandOverPartBase


class HandOverIn(Input):
    """The chair who takes over everything, and why."""

    to: ColleagueId = Field(description="The chair who takes over.")
    reason: Words
    starts_on: Day | None = Field(default=None, description="From when on. Today, if left out; never in the future.")


class HandOverPartOut(HandOverPartBase):
    """What was handed over of one kind, and what stays with the chair before."""

    children: int = Field(description="How many children have another chair now.")
    records: int = Field(description="How many meetings, escalations and challenges have another chair now.")
    refused: list[HandOverRefusal] = Field(description="What stays, with the rule: allocate these one by one.")


class HandOverOut(HandOverBase):
    """Everything of a chair, handed over to another one, and how far each part of it is."""

    parts: list[HandOverPartOut]


class HandOverPage(Page[HandOverOut]):
    """One page of hand-overs, newest first."""
