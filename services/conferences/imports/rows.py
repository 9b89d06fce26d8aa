"""Rows of imported history: what they may say."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from chassis.base.fields import ColleagueId, Line, PastDay, PersonId, Words
from chassis.meetings.vocabulary import MeetingTime, Mode
from services.conferences.children.schemas import FamilyChildIn
from services.conferences.contributions.schemas import InviteToConferenceIn
from services.conferences.enquiries.schemas import SectionFortySevenEnquiryIn
from services.conferences.fields import RequestId
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.plans.schemas import EndPlanIn
from services.conferences.rules.vocabulary import Attendance, ProposalState

# What these columns hold is separated by semicolons.
LISTS = frozenset({"disabilities", "distributed_to", "person_ids"})
MeetingLabel = Annotated[str, Field(min_length=1, max_length=40)]


class ChildRow(FamilyChildIn):
    """A child of an import: what the case-management system would send."""

    person_id: PersonId


class EnquiryRow(SectionFortySevenEnquiryIn):
    """A section 47 enquiry of an import."""

    request_id: RequestId


class ConferenceRow(ChildConferenceHeldIn):
    """One child's part in a past conference; rows with the same meeting, one after the other, are one conference."""

    meeting: MeetingLabel
    held_on: PastDay
    chair_id: ColleagueId
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    planned_time: MeetingTime | None = None
    minute_taker: Line | None = None
    family_contacted_on: PastDay | None = None
    family_met: bool | None = None
    inquorate_because: Words | None = None
    outline_plan_on: PastDay | None = None
    record_on: PastDay | None = None
    distributed_on: PastDay | None = None
    distributed_to: list[Line] = Field(default_factory=list, max_length=60)
    closed_on: PastDay | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.distributed_to and self.distributed_on is None:
            raise ValueError("Who has the record was given it on a day, distributed_on.")
        if self.distributed_on is not None and self.record_on is None:
            raise ValueError("A record is distributed when it is complete.")
        return self

    def of_meeting(self) -> tuple[object, ...]:
        """What is the conference's, and the same in the rows of all its children."""
        return tuple(getattr(self, name) for name in _OF_MEETING)

    def days(self) -> dict[str, date]:
        """Every day on which something is said to have happened."""
        names = ("held_on", "family_contacted_on", "outline_plan_on", "record_on", "distributed_on", "closed_on")
        return {name: day for name in names if (day := getattr(self, name)) is not None}


class InvitationRow(InviteToConferenceIn):
    """Somebody who was invited to a past conference, what they contributed, and what became of the proposal."""

    meeting: MeetingLabel
    report_received_on: PastDay | None = None
    report_shared_on: PastDay | None = None
    apologies_on: PastDay | None = None
    attendance: Attendance | None = None
    proposal: Annotated[ProposalState, Field(description="confirmed or dismissed; empty for one that waits.")] = (
        ProposalState.PROPOSED
    )
    decided_on: PastDay | None = None
    decided_by: ColleagueId | None = None
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


class PlanEndRow(EndPlanIn):
    """A plan that ended without a conference."""

    person_id: PersonId


_OF_MEETING = tuple(
    name for name in ConferenceRow.model_fields if name not in ChildConferenceHeldIn.model_fields or name == "meeting"
)
CHILD_COLUMNS = ("person_id", *FamilyChildIn.model_fields)
CHILD_REQUIRED = tuple(name for name, one in ChildRow.model_fields.items() if one.is_required())
ENQUIRY_COLUMNS = ("request_id", *SectionFortySevenEnquiryIn.model_fields)
ENQUIRY_REQUIRED = tuple(name for name, one in EnquiryRow.model_fields.items() if one.is_required())
CONFERENCE_COLUMNS = (*_OF_MEETING[:3], *ChildConferenceHeldIn.model_fields, *_OF_MEETING[3:])
CONFERENCE_REQUIRED = tuple(name for name, one in ConferenceRow.model_fields.items() if one.is_required())
INVITATION_COLUMNS = ("meeting", *(name for name in InvitationRow.model_fields if name != "meeting"))
INVITATION_REQUIRED = tuple(name for name, one in InvitationRow.model_fields.items() if one.is_required())
PLAN_END_COLUMNS = PLAN_END_REQUIRED = ("person_id", *EndPlanIn.model_fields)
