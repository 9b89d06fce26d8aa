"""What conferences know of a child, what is due for them, and what was voided."""

from datetime import date

from sqlmodel import Field as Column

from chassis.children.merging import MovedByMergeColumns
from chassis.db.columns import Shared
from chassis.meetings.corrections import VoidedColumns
from chassis.meetings.deadlines import DeadlineColumns
from services.conferences.columns import Base


class ProtectionBase(Shared):
    """What conferences know of a child: who chairs, the plan, and whether the child is looked after too."""

    advocacy_opted_out_on: date | None = None
    chair_id: str | None = Column(default=None, description="The allocated chair.")
    plan_since: date | None = Column(default=None, description="Null if the child is not on a plan now.")
    category: str | None = None
    looked_after_since: date | None = Column(default=None, description="Set if the child is also looked after.")
    registered_on: date = Column(description="When conferences first knew of the child.")
    version: int = 1


class Protection(ProtectionBase, Base, table=True):
    """What conferences know of a child: a row comes with the first that asks for a conference.

    Who the child is stands in the replica, `chassis.child`. `looked_after_since` comes from the reviews service.
    """

    person_id: str = Column(primary_key=True)
    looked_after_version: int = 0


class DeadlineBase(DeadlineColumns):
    """An open deadline of a child."""

    person_id: str = Column(foreign_key="protection.person_id")
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


class MovedByMerge(MovedByMergeColumns, Base, table=True):
    """What a merge of two numbers of one child moved here.

    `chair_id` chaired for the number that is gone, `into_chair_id` for the one that stays.
    """

    chair_id: str | None = None
    into_chair_id: str | None = None
