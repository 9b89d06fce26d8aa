"""Children and families as conferences know them, and what asks for a conference."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PersonId, Slug, once_each
from chassis.base.validation import contradiction
from chassis.children.vocabulary import Disability, Ethnicity, Sex, Upn, UpnUnknown
from chassis.web.pagination import Page
from services.conferences.children.models import ChildBase
from services.conferences.enquiries.schemas import ConferenceRequestOut
from services.conferences.plans.schemas import PlanOut
from services.conferences.rules.vocabulary import Category


class FamilyChildIn(Input):
    """The whole record of a child, born or expected, from the case-management system."""

    given_name: Line | None = Field(default=None, description="May be left out for an unborn child.")
    family_name: Line
    born_on: Day | None = Field(default=None, description="Leave out until the child is born.")
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
    social_worker_id: ColleagueId | None = Field(
        default=None, description="The social worker's identifier in the directory, if any."
    )
    supervisor_id: ColleagueId | None = Field(default=None, description="The practice supervisor.")
    manager_id: ColleagueId | None = Field(default=None, description="The team manager.")
    restricted: bool = Field(default=False, description="Only the child's chair and managers see the record.")
    advocacy_opted_out_on: Day | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.born_on is None and self.expected_on is None:
            contradiction(
                "born_or_expected", "Enter a date of birth or an expected date of birth.", "born_on", "expected_on"
            )
        if self.upn is not None and self.upn_unknown is not None:
            contradiction(
                "one_of_both",
                "Enter a unique pupil number or the reason there is none, not both.",
                "upn",
                "upn_unknown",
            )
        if Disability.NONE in self.disabilities and len(self.disabilities) > 1:
            contradiction("none_alone", "NONE cannot be combined with other disabilities.", "disabilities")
        return self


class FamilyChildOut(ChildBase):
    """A child, with their current chair, plan and looked-after status."""

    person_id: str
    sex: Sex | None
    disabilities: list[Disability]
    upn_unknown: UpnUnknown | None
    category: Category | None = Field(description="The plan's latest category.")


class FamilyChildPage(Page[FamilyChildOut]):
    """One page of children, by person number."""


class WholeFamilyChildOut(FamilyChildOut):
    """A child with their enquiries, transfers and plans."""

    requests: list[ConferenceRequestOut]
    plans: list[PlanOut]
