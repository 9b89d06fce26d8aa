"""Contacts with children, and midpoint checks."""

from pydantic import Field

from chassis.base.fields import ColleagueId, Input, PastDay, Words
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits.models import ContactBase, MidpointCheckBase


class ContactIn(Input):
    """A visit to a child, or another contact with them."""

    kind: ContactKind
    happened_on: PastDay
    made_by: ColleagueId | None = Field(default=None, description="The caller by default.")
    seen_alone: bool | None = None
    note: Words | None = None


class ContactOut(ContactBase, Named):
    """A contact with a child."""

    kind: ContactKind


class ContactPage(Page[ContactOut]):
    """One page of contacts, newest first."""


class MidpointCheckIn(Input):
    """How the plan was going halfway between two reviews."""

    done_on: PastDay | None = Field(default=None, description="Today by default.")
    on_track: bool
    note: Words | None = None


class MidpointCheckOut(MidpointCheckBase, Named):
    """A midpoint check."""


class MidpointCheckPage(Page[MidpointCheckOut]):
    """One page of midpoint checks, newest first."""
