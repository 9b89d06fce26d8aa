"""Rows of imported history, and their rules."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from chassis.base.fields import Day, Line, PersonId, Words
from chassis.importing.rows import DayPast, KnownColleague
from chassis.law.participation import Participation
from chassis.meetings.vocabulary import Mode
from services.reviews.children.schemas import CareDetails
from services.reviews.fields import Placement
from services.reviews.meetings.schemas import ChildHeldIn
from services.reviews.records.schemas import ChildText, RecordText
from services.reviews.rules.vocabulary import NAMED_TRACKS, EarlyTrigger, LegalStatus, NextStep, Track
from services.reviews.visits.schemas import ContactIn, MidpointCheckIn


class EpisodeRow(CareDetails):
    """An episode of care; a child's rows stand together, and repeat what is the care's and the period's."""

    person_id: PersonId
    chair_id: KnownColleague | None = None
    chair_from: Day | None = Field(default=None, description="The first day; the start of the period by default.")
    period_starts_on: Day
    period_ends_on: Day | None = None
    adoption_authorised_on: Day | None = None
    reviews_before: int = 0
    reviewed_before_on: Day | None = None
    episode_starts_on: Day
    legal_status: LegalStatus
    placement: Placement


class ContactRow(ContactIn):
    """A visit to a child or another contact of the past."""

    person_id: PersonId
    happened_on: DayPast
    made_by: KnownColleague


class MidpointCheckRow(MidpointCheckIn):
    """A midpoint check of the past."""

    person_id: PersonId
    done_on: DayPast
    done_by: KnownColleague


class ReviewRow(ChildHeldIn):
    """One child's part in a past review; rows with the same meeting, one after the other, are one review."""

    meeting: Annotated[str, Field(min_length=1, max_length=40)]
    held_on: DayPast
    chair_id: KnownColleague
    sequence: Annotated[Track | None, Field(description="secure, adoption_returned or disruption; else empty.")] = None
    attended: bool | None = None  # type: ignore[assignment]
    seen_alone: bool | None = None  # type: ignore[assignment]
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    early_trigger: EarlyTrigger | None = None
    consultation_sent_on: DayPast | None = None
    consultation_returned_on: DayPast | None = None
    decisions_on: DayPast | None = None
    decisions: list[Words] = Field(default_factory=list, max_length=50)
    decision_owners: list[Line] = Field(default_factory=list, description="Who carries each out.")
    decisions_due_on: list[Day] = Field(default_factory=list, description="By when each is carried out, or empty.")
    manager: Annotated[str, Field(pattern="^(agreed|objected|silent)$")] | None = None
    objection: Words | None = Field(default=None, description="Why the manager objected to the first decision.")
    settlement: Words | None = Field(default=None, description="How the objection was settled.")
    record_text: RecordText | None = None
    child_text: ChildText | None = None
    record_on: DayPast | None = None
    distributed_on: DayPast | None = None
    distributed_to: list[Line] = Field(default_factory=list, max_length=50)
    next_step: NextStep | None = None  # type: ignore[assignment]
    participation: Participation

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.sequence is not None and self.sequence not in NAMED_TRACKS:
            raise ValueError("It is secure, adoption_returned or disruption; the main one follows from the records.")
        if (self.manager is None) != (self.decisions_on is None) or (self.decisions and self.manager is None):
            raise ValueError("Decisions have a day, decisions_on, and what the manager said.")
        if len(self.decision_owners) != len(self.decisions) or len(self.decisions_due_on) not in {
            0,
            len(self.decisions),
        }:
            raise ValueError("Name as many decision_owners as decisions; and as many decisions_due_on, or none.")
        if (self.objection and self.manager != "objected") or (self.settlement and not self.objection):
            raise ValueError("A settlement is of an objection, and an objection is of a manager who objected.")
        steps = [self.held_on, self.record_on, self.distributed_on]
        given = [day for day in steps if day is not None]
        if given != sorted(given) or (self.record_on is None and self.distributed_on is not None):
            raise ValueError("A record is completed after the review, and distributed after that.")
        if self.distributed_to and self.distributed_on is None:
            raise ValueError("Who has the record was given it on a day, distributed_on.")
        if self.decisions_on is not None and self.decisions_on < self.held_on:
            raise ValueError("Decisions are written after the review.")
        return self
