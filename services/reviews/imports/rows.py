"""The rows of imported history."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from chassis.base.fields import ColleagueId, Day, Line, PersonId
from chassis.law.participation import Participation
from chassis.meetings.vocabulary import Mode
from services.reviews.children.schemas import EpisodeIn, LookedAfterChildIn, PeriodOfCareIn
from services.reviews.meetings.schemas import ChildHeldIn
from services.reviews.rules.vocabulary import NAMED_TRACKS, EarlyTrigger, NextStep, Track

LISTS = frozenset({"siblings"})


class ChildRow(LookedAfterChildIn):
    """A child of an import: what the case-management system would send, and the chair."""

    person_id: PersonId
    chair_id: ColleagueId | None = None
    chair_from: Day | None = Field(default=None, description="The first day; the start of the period by default.")


CHILD_COLUMNS = tuple(name for name in ChildRow.model_fields if name != "periods_of_care")
PERIOD_COLUMNS = {
    "period_starts_on": "starts_on",
    "period_ends_on": "ends_on",
    "adoption_authorised_on": "adoption_authorised_on",
    "reviews_before": "reviews_before",
    "reviewed_before_on": "reviewed_before_on",
}
EPISODE_COLUMNS = {"episode_starts_on": "starts_on", "legal_status": "legal_status", "placement": "placement"}
assert set(PERIOD_COLUMNS.values()) | {"episodes"} == set(PeriodOfCareIn.model_fields)
assert set(EPISODE_COLUMNS.values()) == set(EpisodeIn.model_fields)
CHILDREN_COLUMNS = (*CHILD_COLUMNS, *PERIOD_COLUMNS, *EPISODE_COLUMNS)
CHILDREN_REQUIRED = (
    "person_id",
    "given_name",
    "family_name",
    "born_on",
    "area_id",
    "period_starts_on",
    *EPISODE_COLUMNS,
)


class ReviewRow(ChildHeldIn):
    """One child's part in a past review; rows with the same meeting, one after the other, are one review."""

    meeting: Annotated[str, Field(min_length=1, max_length=40)]
    held_on: Day
    chair_id: ColleagueId
    sequence: Annotated[Track | None, Field(description="secure, adoption_returned or disruption; else empty.")] = None
    attended: bool | None = None  # type: ignore[assignment]
    seen_alone: bool | None = None  # type: ignore[assignment]
    mode: Mode = Mode.IN_PERSON
    venue: Line | None = None
    early_trigger: EarlyTrigger | None = None
    consultation_sent_on: Day | None = None
    consultation_returned_on: Day | None = None
    decisions_on: Day | None = None
    manager: Annotated[str, Field(pattern="^(agreed|objected|silent)$")] | None = None
    record_on: Day | None = None
    distributed_on: Day | None = None
    next_step: NextStep | None = None  # type: ignore[assignment]
    participation: Participation

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.sequence is not None and self.sequence not in NAMED_TRACKS:
            raise ValueError("It is secure, adoption_returned or disruption; the main one follows from the records.")
        if (self.manager is None) != (self.decisions_on is None):
            raise ValueError("Decisions have a day, decisions_on, and what the manager said.")
        steps = [self.held_on, self.record_on, self.distributed_on]
        given = [day for day in steps if day is not None]
        if given != sorted(given) or (self.record_on is None and self.distributed_on is not None):
            raise ValueError("A record is completed after the review, and distributed after that.")
        if self.decisions_on is not None and self.decisions_on < self.held_on:
            raise ValueError("Decisions are written after the review.")
        return self

    def days(self) -> dict[str, date | None]:
        """Every day in the row on which something happened."""
        names = ("held_on", "decisions_on", "record_on", "distributed_on", "consultation_sent_on")
        return {name: getattr(self, name) for name in (*names, "consultation_returned_on")}


REVIEW_COLUMNS = tuple(ReviewRow.model_fields)
REVIEW_REQUIRED = tuple(name for name, field in ReviewRow.model_fields.items() if field.is_required())
