"""Children and families as conferences know them, and what asks for a conference."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PastDay, PersonId, Slug, once_each
from chassis.web.pagination import Page
from services.conferences.children.models import ChildBase, ConferenceRequestBase, DeadlineBase, ProtectionPlanBase
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


class FamilyChildOut(ChildBase):
    """A child and where they stand."""

    person_id: str
    sex: Sex | None
    disabilities: list[Disability]
    upn_unknown: UpnUnknown | None
    category: Category | None = Field(description="The plan's latest category.")


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


class ConferenceRequestOut(ConferenceRequestBase):
    """What asks for a first conference, and which conference answered it."""

    kind: RequestKind


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


class PlanOut(ProtectionPlanBase):
    """A child protection plan."""

    id: UUID
    initial_category: Category
    latest_category: Category
    end_reason: PlanEnd | None


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


class ConferenceDeadlineOut(DeadlineBase):
    """Something that is owed for a child."""

    id: UUID
    kind: OwedKind
    days_left: int = Field(description="Below 0 when it is overdue.")
    owner_role: OwedBy


class ConferenceDeadlinePage(Page[ConferenceDeadlineOut]):
    """One page of what is owed, soonest first."""
