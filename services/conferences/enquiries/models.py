"""Section 47 enquiries and transfers in."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.conferences.columns import Base


class ConferenceRequestBase(Shared):
    """An enquiry or transfer that needs a first conference, and the conference held for it."""

    kind: str
    request_id: str
    person_id: str = Column(foreign_key="protection.person_id")
    started_on: date = Column(description="When the enquiry began, or the notification came.")
    strategy_discussion_on: date | None = Column(default=None, description="Null where none is recorded.")
    event_on: date | None = Column(default=None, description="The day from which the conference is counted.")
    due_on: date | None = None
    from_authority: str | None = None
    conference_not_required: bool = False
    conference_reference: str | None = None
    answered_on: date | None = Column(default=None, description="When the conference was held.")
    version: int = 1


class ConferenceRequest(ConferenceRequestBase, Base, table=True):
    """A section 47 enquiry, or another authority's notification of a transfer: what a first conference answers.

    `request_id` is its number in the case-management system. `started_on` is the day on which the enquiry began or the
    notification came; `event_on` the day from which the conference is counted, which is the strategy discussion's for
    an enquiry, or its start where none is recorded. An enquiry that needs no conference says so;
    `conference_reference` is the one that answered it.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
