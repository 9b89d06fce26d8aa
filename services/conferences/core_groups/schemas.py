"""Core groups that met or did not, and those that are to meet."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, RootModel, model_validator

from chassis.base.fields import Day, Input, Line, PastDay, PersonIds, Words
from chassis.base.validation import contradiction
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.conferences.core_groups.models import CoreGroupBase


class CoreGroupDueOut(BaseModel):
    """A core group that is to meet: listed once for all children of a conference with one social worker."""

    person_id: str = Field(description="One of the children.")
    children: int
    owner_id: str | None = Field(description="The social worker, if known.")
    due_on: date
    conference_reference: str | None = Field(description="The conference that began the plan.")


class GroupMemberIn(Input):
    """A member of a core group, and whether they attended."""

    name: Line
    role: Line
    attended: bool


class CoreGroupIn(Input):
    """A core group of one or more children that met, or did not."""

    person_ids: PersonIds
    held_on: PastDay | None = None
    missed_because: Words | None = Field(default=None, description="Why it did not meet when it was due.")
    attended: list[GroupMemberIn] = Field(default_factory=list, max_length=40)
    next_on: Day | None = Field(default=None, description="The agreed date of the next core group.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.held_on is None) == (self.missed_because is None):
            contradiction(
                "held_or_missed",
                "Enter either held_on, if the core group was held, or missed_because, if it was not.",
                "held_on",
                "missed_because",
            )
        if self.missed_because is not None and self.next_on is None:
            contradiction(
                "next_when_missed",
                "If the core group was missed, enter in next_on when it meets instead.",
                "missed_because",
                "next_on",
            )
        if self.held_on is not None and self.next_on is not None and self.next_on <= self.held_on:
            contradiction("after_this_one", "The next core group must be after this one.", "held_on", "next_on")
        return self


class GroupMemberOut(BaseModel):
    """A member of a core group, and whether they attended."""

    name: str
    role: str
    attended: bool


class CoreGroupOut(CoreGroupBase, Named):
    """A core group that met, or did not."""

    id: UUID
    attended: list[GroupMemberOut]


class CoreGroupsOut(RootModel[list[CoreGroupOut]]):
    """The core groups recorded together for several children, in the order sent."""


class CoreGroupPage(Page[CoreGroupOut]):
    """One page of core groups by the date they were due, newest first."""
