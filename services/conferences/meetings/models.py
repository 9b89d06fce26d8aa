"""Conferences, each child's part in them, who was invited and what they contributed, and what is proposed."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import records, texts
from chassis.db.database import moment
from services.conferences.columns import Base, of_child, of_conference


class Conference(Base, table=True):
    """A conference about one or several children of a family.

    `review_reference` is the looked-after review with which it is one meeting. `record` is the structured record in the
    Signs of Safety order, as the template of `record_template` has it; `safety_scores` are `{by, score}` and `dissent`
    is `{by, words}`; `core_group` are `{name, role}`.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    state: str
    person_ids: list[str] = texts()
    planned_on: date
    planned_time: time | None = None
    chair_id: str
    area_id: str
    mode: str
    venue: str | None = None
    minute_taker: str | None = None
    review_reference: str | None = None
    report_due_on: date
    held_on: date | None = None
    family_contacted_on: date | None = None
    family_met: bool | None = None
    quorate: bool | None = None
    inquorate_because: str | None = None
    core_group: list[dict[str, Any]] = records()
    safety_scores: list[dict[str, Any]] = records()
    dissent: list[dict[str, Any]] = records()
    record: dict[str, Any] = Column(default_factory=dict, sa_type=JSONB)
    record_template: str | None = None
    outline_plan_due_on: date | None = None
    outline_plan_on: date | None = None
    record_due_on: date | None = None
    record_on: date | None = None
    distributed_on: date | None = None
    distributed_to: list[str] = texts()
    closed_on: date | None = None
    cancelled_on: date | None = None
    cancelled_because: str | None = None
    restricted: bool = False
    imported: bool = False
    version: int = 1


class ChildConference(Base, table=True):
    """One child's part in a conference: why it was due, how the child took part, and what was decided.

    `due_on` was set when the conference was planned and stays. An unborn child has no age and no code.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = of_conference()
    reference: str
    person_id: str = of_child()
    kind: str
    due_on: date
    event_on: date
    rule: str
    request_id: UUID | None = None
    chair_id: str
    area_id: str
    team: str | None = None
    restricted: bool = False
    cancelled: bool = False
    held_on: date | None = None
    in_time: bool | None = None
    unborn: bool = False
    age: int | None = None
    participation: str | None = None
    attended: bool | None = None
    advocate: bool | None = None
    views: str | None = None
    outcome: str | None = None
    category: str | None = None
    plan_id: UUID | None = None
    next_due_on: date | None = None
    looked_after: bool = False


class Correction(Base, table=True):
    """That something about a conference was set right afterwards; a change is `{about, field, earlier, later}`."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    corrected_at: datetime = moment()
    corrected_by: str
    because: str
    changes: list[dict[str, Any]] = records()


class Invitation(Base, table=True):
    """Somebody who was invited to a conference, and what they contributed.

    A professional has an agency, a role of it and an area; of the family the relationship is known. `apologies_on` is
    when apologies were sent beforehand; `attendance` is what was so on the day.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = of_conference()
    reference: str
    person_ids: list[str] = texts()
    invited_as: str
    name: str
    relationship: str | None = None
    agency_id: str | None = None
    agency_role: str | None = None
    team: str | None = None
    area_id: str
    email: str | None = None
    automatic: bool = False
    invited_on: date
    report_expected: bool = False
    report_due_on: date | None = None
    report_received_on: date | None = None
    report_shared_on: date | None = None
    apologies_on: date | None = None
    attendance: str | None = None
    withdrawn_on: date | None = None
    restricted: bool = False
    chair_id: str
    version: int = 1


class ContributionLink(Base, table=True):
    """A secret address under which an invited professional says whether a report is sent or they cannot come.

    The token itself is not kept. It works until the day after the conference; `used_at` is when something was last
    said by it.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    invitation_id: UUID
    token_hash: bytes = Column(sa_type=LargeBinary)
    created_at: datetime = moment()
    superseded_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    used_at: datetime | None = moment(nullable=True)


class Proposal(Base, table=True):
    """An escalation that a closed conference proposes: one for each professional who failed to report or to attend."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = of_conference()
    reference: str
    invitation_id: UUID
    person_ids: list[str] = texts()
    agency_id: str
    agency_role: str
    professional_name: str
    professional_team: str | None = None
    area_id: str
    reason: str
    state: str
    chair_id: str
    restricted: bool = False
    proposed_on: date
    decided_on: date | None = None
    decided_by: str | None = None
    dismissed_because: str | None = None
    refused_because: str | None = None
    escalation_reference: str | None = None
    version: int = 1
