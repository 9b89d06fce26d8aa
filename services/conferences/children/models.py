"""Children as conferences know them, what asks for a conference, their plans, and what is due for them."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, texts
from services.conferences.columns import Base, of_child


class ChildBase(Shared):
    """What is known of a child, and where they stand now."""

    given_name: str | None = None
    family_name: str | None = Column(default=None, description="Null for a child of whom only the census is known.")
    born_on: date | None = None
    expected_on: date | None = None
    died_on: date | None = None
    sex: str | None = None
    ethnicity: str | None = None
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
    chair_id: str | None = Column(default=None, description="The allocated chair.")
    plan_since: date | None = Column(default=None, description="Null where the child is not on a plan now.")
    category: str | None = None
    looked_after_since: date | None = Column(default=None, description="Where the child is looked after as well.")
    registered_on: date = Column(description="When this system first knew of the child.")
    version: int = 1


class Child(ChildBase, Base, table=True):
    """A child, born or expected, as the case-management system knows them, with where they stand now.

    `family_id` is that system's number of the family group. `upn` is the pupil's number, and `upn_unknown` the census
    code for why there is none. `looked_after_since` is what the reviews service tells.
    """

    person_id: str = Column(primary_key=True)
    disabilities: list[str] = texts()
    looked_after_version: int = 0


class ConferenceRequestBase(Shared):
    """What asks for a first conference, and which conference answered it."""

    kind: str
    request_id: str
    person_id: str = of_child()
    started_on: date = Column(description="When the enquiry began, or the notification came.")
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


class ProtectionPlanBase(Shared):
    """A child protection plan."""

    person_id: str = of_child()
    starts_on: date
    initial_category: str
    latest_category: str
    ends_on: date | None = None
    end_reason: str | None = None
    previous_plans: int = Column(default=0, description="Plans before this one, not counting it.")
    previous_ended_on: date | None = None
    started_by: str | None = Column(default=None, description="The conference that made it.")
    ended_by: str | None = None
    chair_id: str | None = None
    area_id: str
    team: str | None = None
    version: int = 1


class ProtectionPlan(ProtectionPlanBase, Base, table=True):
    """A child protection plan. `previous_plans` counts those before it; `previous_ended_on` is when the last did.

    `started_by` and `ended_by` are references of conferences; plans taken in from a return may have none. Of those,
    `reviewed_before_on` is the last review before the return begins to tell of them.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reviewed_before_on: date | None = None
    restricted: bool = False
    imported: bool = False


class DeadlineBase(Shared):
    """Something that is still due for a child."""

    person_id: str = of_child()
    kind: str
    subject: str = Column(description="Which of its kind: the kind of conference.")
    due_on: date
    event_on: date = Column(description="The day from which it is counted.")
    rule: str = Column(description="The rule behind it, with its source.")
    owner_role: str
    owner_id: str | None = None
    chair_id: str | None = None
    area_id: str
    team: str | None = None
    conference_reference: str | None = Column(
        default=None, description="The conference planned for it, or from which it follows."
    )


class Deadline(DeadlineBase, Base, table=True):
    """Something that is still owed for a child; the row goes when it is done.

    `subject` says which one of its kind; `event_on` is the day from which it is counted. A due date that was set is
    never moved, only replaced when the event itself was another one.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    restricted: bool = False
    told_missed_on: date | None = None
