"""Children and families as conferences know them, and what asks for a conference."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PastDay, PersonId, Slug, once_each
from chassis.web.pagination import Page
from services.conferences.rules.vocabulary import Category, OwedBy, OwedKind, PlanEnd, RequestKind


class Sex(StrEnum):
    """A child's sex as the census has it."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"
    INDETERMINATE = "I"


class Disability(StrEnum):
    """A child's disability by its code in the census; `NONE` says that there is none."""

    NONE = "NONE"
    MOBILITY = "MOB"
    HAND_FUNCTION = "HAND"
    PERSONAL_CARE = "PC"
    INCONTINENCE = "INC"
    COMMUNICATION = "COMM"
    LEARNING = "LD"
    HEARING = "HEAR"
    VISION = "VIS"
    BEHAVIOUR = "BEH"
    CONSCIOUSNESS = "CON"
    AUTISM = "AUT"
    OTHER = "DDA"


class UpnUnknown(StrEnum):
    """Why a child has no unique pupil number, by the code of the census."""

    NOT_ATTENDING = "UN1"
    FROM_OUTSIDE = "UN2"
    NEW = "UN3"
    SOURCES_EXHAUSTED = "UN4"
    NOT_YET_KNOWN = "UN5"
    OTHER = "UN6"
    REFERRED_LATE = "UN7"
    IN_PROGRESS = "UN8"
    NOT_LOOKED_AFTER = "UN9"
    NO_DUTY = "UN10"


Ethnicity = Annotated[str, Field(pattern="^[A-Z]{4}$", description="The census code, such as `WBRI`.")]
Upn = Annotated[str, Field(pattern="^[A-Z][0-9]{11}[0-9A-Z]$")]


class FamilyChildIn(Input):
    """A child, born or expected, as the case-management system knows them: all of it, each time."""

    given_name: Line | None = Field(default=None, description="An unborn child may have none yet.")
    family_name: Line
    born_on: Day | None = Field(default=None, description="Left out until the child is born.")
    expected_on: Day | None = Field(default=None, description="The expected date of birth, before the child is born.")
    died_on: Day | None = None
    sex: Sex = Sex.UNKNOWN
    ethnicity: Ethnicity = "NOBT"
    disabilities: Annotated[list[Disability], AfterValidator(once_each)] = Field(default_factory=list, max_length=12)
    upn: Upn | None = Field(default=None, description="The unique pupil number.")
    upn_unknown: UpnUnknown | None = None
    family_id: PersonId | None = Field(default=None, description="The number of the family group.")
    school: Line | None = None
    gp_practice: Line | None = None
    area_id: Slug
    team: Line | None = None
    social_worker: Line | None = Field(default=None, description="The social worker's name.")
    social_worker_id: ColleagueId | None = Field(default=None, description="The same in the directory, if there.")
    supervisor_id: ColleagueId | None = Field(default=None, description="The practice supervisor.")
    manager_id: ColleagueId | None = Field(default=None, description="The team manager.")
    restricted: bool = Field(default=False, description="Only the child's chair and managers see the record.")
    advocacy_opted_out_on: Day | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.born_on is None and self.expected_on is None:
            raise ValueError("A child has a date of birth, or the date on which the birth is expected.")
        if self.upn is not None and self.upn_unknown is not None:
            raise ValueError("A child has a pupil's number, or a reason why there is none.")
        if Disability.NONE in self.disabilities and len(self.disabilities) > 1:
            raise ValueError("NONE stands alone.")
        return self


class FamilyChildOut(BaseModel):
    """A child and where they stand."""

    person_id: str
    given_name: str | None
    family_name: str | None = Field(description="Null for a child of whom only the census is known.")
    born_on: date | None
    expected_on: date | None
    died_on: date | None
    sex: Sex | None
    ethnicity: str | None
    disabilities: list[Disability]
    upn: str | None
    upn_unknown: UpnUnknown | None
    family_id: str | None
    school: str | None
    gp_practice: str | None
    area_id: str
    team: str | None
    social_worker: str | None
    social_worker_id: str | None
    supervisor_id: str | None
    manager_id: str | None
    restricted: bool
    advocacy_opted_out_on: date | None
    chair_id: str | None = Field(description="The allocated chair.")
    plan_since: date | None = Field(description="Null where the child is not on a plan now.")
    category: Category | None = Field(description="The plan's latest category.")
    looked_after_since: date | None = Field(description="Where the child is looked after as well.")
    registered_on: date = Field(description="When this system first knew of the child.")
    version: int


class FamilyChildPage(Page[FamilyChildOut]):
    """One page of children, by person number."""


class SectionFortySevenEnquiryIn(Input):
    """A section 47 enquiry about a child, as the case-management system knows it: all of it, each time."""

    person_id: PersonId
    started_on: PastDay
    strategy_discussion_on: PastDay | None = Field(
        default=None,
        description="What initiated the enquiry: the conference is counted from it, or from the start.",
    )
    conference_not_required: bool = Field(default=False, description="The enquiry ended without a conference.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.strategy_discussion_on is not None and self.strategy_discussion_on < self.started_on:
            raise ValueError("The strategy discussion initiates the enquiry or comes after its start.")
        return self


class TransferInIn(Input):
    """Another authority's notification that a child with a plan moves here: all of it, each time."""

    person_id: PersonId
    notified_on: PastDay
    from_authority: Line
    conference_not_required: bool = Field(default=False, description="The move did not come about.")


class ConferenceRequestOut(BaseModel):
    """What asks for a first conference, and which conference answered it."""

    kind: RequestKind
    request_id: str
    person_id: str
    started_on: date = Field(description="When the enquiry began, or the notification came.")
    event_on: date | None = Field(description="The day from which the conference is counted.")
    due_on: date | None
    from_authority: str | None
    conference_not_required: bool
    conference_reference: str | None
    answered_on: date | None = Field(description="When the conference was held.")
    version: int


class ConferenceRequestPage(Page[ConferenceRequestOut]):
    """One page of enquiries or transfers, newest first."""


class AllocateConferenceChairIn(Input):
    """Who is to chair a child's conferences."""

    chair_id: ColleagueId


class HandOverConferencesIn(Input):
    """A chair who leaves, and who takes over every child and every conference of theirs that is still to come."""

    from_chair_id: ColleagueId
    to_chair_id: ColleagueId
    starts_on: Day | None = Field(default=None, description="Today, if left out.")


class HandedOverConferencesOut(BaseModel):
    """What was handed over, and which children were not because of a conflict."""

    person_ids: list[str]
    references: list[str]
    refused: list[str] = Field(description="Children for whom the other chair has a conflict: allocate them singly.")


class EndPlanIn(Input):
    """How a plan ended outside a conference."""

    reason: PlanEnd = Field(description="`transfer_out`, `eighteenth_birthday`, `death` or `left_the_united_kingdom`.")
    ends_on: PastDay


class PlanOut(BaseModel):
    """A child protection plan."""

    id: UUID
    person_id: str
    starts_on: date
    initial_category: Category
    latest_category: Category
    ends_on: date | None
    end_reason: PlanEnd | None
    previous_plans: int = Field(description="Plans before this one, not counting it.")
    previous_ended_on: date | None
    started_by: str | None = Field(description="The conference that made it.")
    ended_by: str | None
    chair_id: str | None
    area_id: str
    team: str | None
    version: int


class PlanPage(Page[PlanOut]):
    """One page of plans, newest first."""


class WholeFamilyChildOut(FamilyChildOut):
    """A child with what asks for a conference and the plans."""

    requests: list[ConferenceRequestOut]
    plans: list[PlanOut]


class ConferenceDigestEntryOut(BaseModel):
    """Something overdue, or due soon, for a chair's weekly reminder: listed once for all children of a conference."""

    chair_id: str | None
    person_id: str = Field(description="One of the children.")
    children: int
    kind: OwedKind
    subject: str
    due_on: date
    conference_reference: str | None
    proposals: int = Field(description="The escalations that wait for the chair's decision, where that is what is due.")


class CoreGroupDueOut(BaseModel):
    """A core group that is to meet: listed once for all children of a conference with one social worker."""

    person_id: str = Field(description="One of the children.")
    children: int
    owner_id: str | None = Field(description="The social worker, where that is known.")
    due_on: date
    conference_reference: str | None = Field(description="The conference that began the plan.")


class ConferenceDeadlineOut(BaseModel):
    """Something that is owed for a child."""

    id: UUID
    person_id: str
    kind: OwedKind
    subject: str = Field(description="Which of its kind: the kind of conference.")
    due_on: date
    days_left: int = Field(description="Below 0 when it is overdue.")
    event_on: date = Field(description="The day from which it is counted.")
    rule: str = Field(description="The rule behind it, with its source.")
    owner_role: OwedBy
    owner_id: str | None
    chair_id: str | None
    area_id: str
    team: str | None
    conference_reference: str | None = Field(description="The conference planned for it, or from which it follows.")


class ConferenceDeadlinePage(Page[ConferenceDeadlineOut]):
    """One page of what is owed, soonest first."""
