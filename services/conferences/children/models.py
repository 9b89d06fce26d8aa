"""Children as conferences know them, what asks for a conference, their plans, and what is due for them."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import texts
from services.conferences.columns import Base, of_child


class Child(Base, table=True):
    """A child, born or expected, as the case-management system knows them, with where they stand now.

    `family_id` is that system's number of the family group. `upn` is the pupil's number, and `upn_unknown` the census
    code for why there is none. `looked_after_since` is what the reviews service tells.
    """

    person_id: str = Column(primary_key=True)
    given_name: str | None = None
    family_name: str | None = None
    born_on: date | None = None
    expected_on: date | None = None
    died_on: date | None = None
    sex: str | None = None
    ethnicity: str | None = None
    disabilities: list[str] = texts()
    upn: str | None = None
    upn_unknown: str | None = None
    family_id: str | None = None
    school: str | None = None
    gp_practice: str | None = None
    area_id: str
    team: str | None = None
    social_worker: str | None = None
    social_worker_id: str | None = None
    supervisor_id: str | None = None
    manager_id: str | None = None
    restricted: bool = False
    advocacy_opted_out_on: date | None = None
    chair_id: str | None = None
    plan_since: date | None = None
    category: str | None = None
    looked_after_since: date | None = None
    looked_after_version: int = 0
    registered_on: date
    version: int = 1


class ConferenceRequest(Base, table=True):
    """A section 47 enquiry, or another authority's notification of a transfer: what a first conference answers.

    `request_id` is its number in the case-management system. `started_on` is the day on which the enquiry began or the
    notification came; `event_on` the day from which the conference is counted, which is the strategy discussion's for
    an enquiry, or its start where none is recorded. An enquiry that needs no conference says so;
    `conference_reference` is the one that answered it.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    kind: str
    request_id: str
    person_id: str = of_child()
    started_on: date
    event_on: date | None = None
    due_on: date | None = None
    from_authority: str | None = None
    conference_not_required: bool = False
    conference_reference: str | None = None
    answered_on: date | None = None
    version: int = 1


class ProtectionPlan(Base, table=True):
    """A child protection plan. `previous_plans` counts those before it; `previous_ended_on` is when the last did.

    `started_by` and `ended_by` are references of conferences; plans taken in from a return may have none. Of those,
    `reviewed_before_on` is the last review before the return begins to tell of them.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    starts_on: date
    initial_category: str
    latest_category: str
    ends_on: date | None = None
    end_reason: str | None = None
    previous_plans: int = 0
    previous_ended_on: date | None = None
    reviewed_before_on: date | None = None
    started_by: str | None = None
    ended_by: str | None = None
    chair_id: str | None = None
    area_id: str
    team: str | None = None
    restricted: bool = False
    imported: bool = False
    version: int = 1


class Deadline(Base, table=True):
    """Something that is still owed for a child; the row goes when it is done.

    `subject` says which one of its kind; `event_on` is the day from which it is counted. A due date that was set is
    never moved, only replaced when the event itself was another one.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = of_child()
    kind: str
    subject: str
    due_on: date
    event_on: date
    rule: str
    owner_role: str
    owner_id: str | None = None
    chair_id: str | None = None
    area_id: str
    team: str | None = None
    conference_reference: str | None = None
    restricted: bool = False
    told_missed_on: date | None = None
