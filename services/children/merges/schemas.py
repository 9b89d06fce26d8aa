"""Merges of person numbers."""

from pydantic import Field

from chassis.base.fields import Input, PersonId, Words
from chassis.web.pagination import Page
from services.children.merges.models import PersonMergeBase


class MergeIn(Input):
    """The person number to merge into, and why."""

    into_person_id: PersonId = Field(description="The number to keep.")
    reason: Words


class MergeOut(PersonMergeBase):
    """A merge of two person numbers; it can be undone by its identifier."""


class MergePage(Page[MergeOut]):
    """One page of merges, newest first."""
