"""Conferences, each child's part in them, who was invited and what they contributed, and what is proposed."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared, records, texts
from chassis.db.database import moment
from services.conferences.columns import Base, of_child, of_conference


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
    minute_taker: str | None = None
    review_reference: str | None = None
    report_due_on: date = Column(description="Until when professionals' reports are to be there.")
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
    restricted: bool = False
    imported: bool = False


class ChildConferenceBase(Shared):
    """One child's part in a conference."""

    reference: str
    person_id: str = of_child()
    kind: str
    due_on: date = Column(description="Set when it was planned, and never moved.")
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
    looked_after: bool = Column(default=False, description="Whether the child was looked after as well on that day.")


class ChildConference(ChildConferenceBase, Base, table=True):
    """One child's part in a conference: why it was due, how the child took part, and what was decided.

    `due_on` was set when the conference was planned and stays. An unborn child has no age and no code.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = of_conference()
    request_id: UUID | None = None
    restricted: bool = False
    cancelled: bool = False


class Correction(Base, table=True):
    """That something about a conference was set right afterwards; a change is `{about, field, earlier, later}`."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    corrected_at: datetime = moment()
    corrected_by: str
    because: str
    changes: list[dict[str, Any]] = records()


class InvitationBase(Shared):
    """Somebody who was invited to a conference, and what they contributed."""

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
    automatic: bool = Column(default=False, description="Invited by rule: an advocate from 8 years.")
    invited_on: date
    report_expected: bool = False
    report_due_on: date | None = None
    report_received_on: date | None = None
    report_shared_on: date | None = Column(default=None, description="When it was shared with the family.")
    apologies_on: date | None = Column(default=None, description="When apologies were sent beforehand.")
    attendance: str | None = None
    withdrawn_on: date | None = None
    version: int = 1


class Invitation(InvitationBase, Base, table=True):
    """Somebody who was invited to a conference, and what they contributed.

    A professional has an agency, a role of it and an area; of the family the relationship is known. `apologies_on` is
    when apologies were sent beforehand; `attendance` is what was so on the day.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = of_conference()
    restricted: bool = False
    chair_id: str


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


class ProposalBase(Shared):
    """An escalation that a closed conference proposes, and what became of it."""

    reference: str = Column(description="The conference's.")
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
    proposed_on: date
    decided_on: date | None = None
    decided_by: str | None = None
    dismissed_because: str | None = None
    refused_because: str | None = Column(default=None, description="Why the escalations service could not raise it.")
    escalation_reference: str | None = None
    version: int = 1


class Proposal(ProposalBase, Base, table=True):
    """An escalation that a closed conference proposes: one for each professional who failed to report or to attend."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    conference_id: UUID = of_conference()
    restricted: bool = False
