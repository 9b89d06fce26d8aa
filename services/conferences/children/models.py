"""Children as conferences know them, what asks for a conference, their plans, and what is due for them."""

from datetime import date

from sqlmodel import Field as Column

from chassis.db.columns import Shared, texts
from chassis.meetings.corrections import VoidedColumns
from chassis.meetings.deadlines import DeadlineColumns
from services.conferences.columns import Base


class ChildBase(Shared):
    """What is known of a child, with their current chair, plan and looked-after status."""

    given_name: str | None = None
    family_name: str | None = Column(default=None, description="Null for a child known only from a census.")
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
    plan_since: date | None = Column(default=None, description="Null if the child is not on a plan now.")
    category: str | None = None
    looked_after_since: date | None = Column(default=None, description="Set if the child is also looked after.")
    registered_on: date = Column(description="When this system first knew of the child.")
    version: int = 1


class Child(ChildBase, Base, table=True):
    """A child, born or expected, as the case-management system knows them, with where they stand now.

    `family_id` is that system's number of the family group. `upn` is the pupil's number, and `upn_unknown` the census
    code for why there is none. `looked_after_since` comes from the reviews service.
    """

    person_id: str = Column(primary_key=True)
    disabilities: list[str] = texts()
    looked_after_version: int = 0


class DeadlineBase(DeadlineColumns):
    """An open deadline of a child."""

    person_id: str = Column(foreign_key="child.person_id")
    conference_reference: str | None = Column(
        default=None, description="The conference planned for it, or from which it follows."
    )


class Deadline(DeadlineBase, Base, table=True):
    """An open deadline of a child, which is deleted when it is done.

    `subject` says which one of its kind; `event_on` is the day from which it is counted. A due date that was set is
    never moved, only replaced when the event itself was another one.
    """

    told_missed_on: date | None = None


class Voided(VoidedColumns, Base, table=True):
    """A record that was voided."""
