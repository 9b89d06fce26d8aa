"""Rows of imported history, and their rules."""

from datetime import date
from itertools import zip_longest
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from chassis.base.fields import Day, Line, PastDay, PersonId, Words
from chassis.importing.rows import DayPast, KnownAgency, KnownArea, KnownColleague, RoleOfAgency
from chassis.law.participation import Attendance
from chassis.meetings.vocabulary import MeetingTime, Mode
from services.conferences.checks.schemas import ConferencePlanCheckIn
from services.conferences.contributions.schemas import InviteToConferenceIn
from services.conferences.enquiries.schemas import SectionFortySevenEnquiryIn
from services.conferences.fields import RequestId
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.plans.schemas import EndPlanIn
from services.conferences.records.schemas import Points
from services.conferences.rules.vocabulary import CheckKind, ProposalState

POINTS = ("past_harm", "future_danger", "complicating_factors", "working_well", "safety_goals")
MeetingLabel = Annotated[str, Field(min_length=1, max_length=40)]


class EnquiryRow(SectionFortySevenEnquiryIn):
    """A section 47 enquiry of an import."""

    request_id: RequestId
    started_on: DayPast
    strategy_discussion_on: DayPast | None = None


class ConferenceRow(ChildConferenceHeldIn):
    """One child's part in a past conference; rows with the same meeting, one after the other, are one conference."""

    meeting: MeetingLabel
    held_on: DayPast
    chair_id: KnownColleague
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    planned_time: MeetingTime | None = None
    minute_taker: Line | None = None
    family_contacted_on: DayPast | None = None
    family_met: bool | None = None
    inquorate_because: Words | None = None
    past_harm: Points = Field(default_factory=list)
    future_danger: Points = Field(default_factory=list)
    complicating_factors: Points = Field(default_factory=list)
    working_well: Points = Field(default_factory=list)
    safety_goals: Points = Field(default_factory=list)
    next_steps: Points = Field(default_factory=list)
    next_step_owners: list[Line] = Field(default_factory=list, description="Who takes each step.")
    next_steps_due_on: list[Day] = Field(default_factory=list, description="By when each is taken, or empty.")
    outline_plan_on: DayPast | None = None
    record_on: DayPast | None = None
    distributed_on: DayPast | None = None
    distributed_to: list[Line] = Field(default_factory=list, max_length=60)
    closed_on: DayPast | None = None

    @field_validator("family_contacted_on")
    @classmethod
    def _is_before(cls, day: date | None, info: ValidationInfo) -> date | None:
        held_on = info.data.get("held_on")
        if day is not None and held_on is not None and day > held_on:
            raise ValueError(f"The conference was held on {held_on}: the family is contacted before that.")
        return day

    @field_validator("outline_plan_on", "record_on", "distributed_on", "closed_on")
    @classmethod
    def _is_after(cls, day: date | None, info: ValidationInfo) -> date | None:
        before = info.data.get("record_on" if info.field_name == "distributed_on" else "held_on")
        if day is not None and before is not None and day < before:
            raise ValueError(f"The step before was on {before}.")
        return day

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.distributed_to and self.distributed_on is None:
            raise ValueError("Who has the record was given it on a day, distributed_on.")
        if self.distributed_on is not None and self.record_on is None:
            raise ValueError("A record is distributed when it is complete.")
        steps = len(self.next_steps)
        if len(self.next_step_owners) != steps or len(self.next_steps_due_on) not in {0, steps}:
            raise ValueError("Name as many next_step_owners as next_steps; and as many next_steps_due_on, or none.")
        return self

    def said(self) -> dict[str, Any]:
        """What the record says, as far as it is known."""
        days = [day.isoformat() for day in self.next_steps_due_on]
        steps = zip_longest(self.next_steps, self.next_step_owners, days)
        points = {name: getattr(self, name) for name in POINTS}
        points["next_steps"] = [{"step": step, "owner": owner, "due_on": day} for step, owner, day in steps]
        return {name: said for name, said in points.items() if said}

    def of_meeting(self) -> tuple[object, ...]:
        """What is the conference's, and the same in the rows of all its children."""
        return tuple(getattr(self, name) for name in _OF_MEETING)


class InvitationRow(InviteToConferenceIn):
    """Somebody who was invited to a past conference, what they contributed, and what became of the proposal."""

    meeting: MeetingLabel
    area_id: KnownArea | None = None
    agency_id: KnownAgency | None = None
    agency_role: RoleOfAgency | None = None
    report_received_on: PastDay | None = None
    report_shared_on: PastDay | None = None
    apologies_on: PastDay | None = None
    attendance: Attendance | None = None
    proposal: Annotated[ProposalState, Field(description="confirmed or dismissed; empty for one that waits.")] = (
        ProposalState.PROPOSED
    )
    decided_on: PastDay | None = None
    decided_by: KnownColleague | None = None
    dismissed_because: Words | None = None

    @model_validator(mode="after")
    def _is_decided(self) -> Self:
        if self.proposal not in {ProposalState.PROPOSED, ProposalState.CONFIRMED, ProposalState.DISMISSED}:
            raise ValueError("A proposal was confirmed or dismissed, or it waits still.")
        decided = self.proposal is not ProposalState.PROPOSED
        if decided != (self.decided_on is not None) or decided != (self.decided_by is not None):
            raise ValueError("A proposal that was decided has a day, decided_on, and somebody, decided_by.")
        if (self.proposal is ProposalState.DISMISSED) != (self.dismissed_because is not None):
            raise ValueError("A proposal that was dismissed, and no other, has a reason, dismissed_because.")
        return self


class PlanCheckRow(ConferencePlanCheckIn):
    """A midway check of a plan in the past."""

    person_id: PersonId
    kind: Literal[CheckKind.MIDWAY] = CheckKind.MIDWAY
    done_on: DayPast
    done_by: KnownColleague


class PlanEndRow(EndPlanIn):
    """A plan that ended without a conference."""

    person_id: PersonId


_OF_MEETING = tuple(
    name for name in ConferenceRow.model_fields if name not in ChildConferenceHeldIn.model_fields or name == "meeting"
)
