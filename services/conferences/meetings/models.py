"""Conferences, each child's part in them, who was invited and what they contributed, and what is proposed."""

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records, texts
from chassis.meetings.corrections import CorrectionColumns
from services.conferences.columns import Base
from services.conferences.moves import OF_CONFERENCE


class ConferenceBase(Shared):
    """A conference about one or several children of a family."""

    reference: str
    state: str
    person_ids: list[str] = texts()
    planned_on: date
    planned_time: time | None = None
    chair_id: str
    area_id: str
    mode: str
    venue: str | None = None
    join_link: str | None = None
    minute_taker: str | None = None
    review_reference: str | None = None
    report_due_on: date = Column(description="The date by which professionals' reports are due.")
    held_on: date | None = None
    family_contacted_on: date | None = None
    family_met: bool | None = None
    quorate: bool | None = None
    inquorate_because: str | None = None
    outline_plan_due_on: date | None = None
    outline_plan_on: date | None = None
    record_due_on: date | None = None
    record_on: date | None = None
    distributed_on: date | None = None
    distributed_to: list[str] = texts()
    closed_on: date | None = None
    cancelled_on: date | None = None
    cancelled_because: str | None = None
    version: int = 1


class Conference(ConferenceBase, Base, table=True):
    """A conference about one or several children of a family.

    `review_reference` is the looked-after review with which it is one meeting. `record` is the structured record in the
    Signs of Safety order, as the template of `record_template` has it; `safety_scores` are `{by, score}` and `dissent`
    is `{by, words}`; `core_group` are `{name, role}`.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    core_group: list[dict[str, Any]] = records()
    safety_scores: list[dict[str, Any]] = records()
    dissent: list[dict[str, Any]] = records()
    record: dict[str, Any] = Column(default_factory=dict, sa_type=JSONB)
    record_template: str | None = None

    @property
    def can(self) -> list[str]:
        """What the caller can do with it as it stands now."""
        return OF_CONFERENCE.possible(self.state)


class ChildConferenceBase(Shared):
    """One child's part in a conference."""

    reference: str
    person_id: str = Column(foreign_key="protection.person_id")
    kind: str
    due_on: date = Column(description="Set when it was planned; never moved.")
    event_on: date = Column(description="The day from which that is counted.")
    rule: str = Column(description="The rule behind it, with its source.")
    chair_id: str
    area_id: str
    team: str | None = None
    held_on: date | None = None
    in_time: bool | None = None
    unborn: bool = False
    age: int | None = Column(default=None, description="In years on the day of the conference; null before birth.")
    participation: str | None = None
    attended: bool | None = None
    advocate: bool | None = None
    views: str | None = None
    outcome: str | None = None
    category: str | None = None
    plan_id: UUID | None = None
    next_due_on: date | None = None
    looked_after: bool = Column(default=False, description="Whether the child was also looked after on that date.")


class ChildConference(ChildConferenceBase, Base, table=True):
    """One child's part in a conference: why it was due, how the child took part, and what was decided.

    `due_on` was set when the conference was planned and stays. An unborn child has no age and no code.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = Column(foreign_key="conference.id")
    request_id: UUID | None = None
    cancelled: bool = False


class Correction(CorrectionColumns, Base, table=True):
    """A correction to a held conference; each change is `{about, field, earlier, later}`."""
