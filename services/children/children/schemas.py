"""Children, as the case-management system sends them and people read them."""

from typing import Annotated, Self

from pydantic import AfterValidator, EmailStr, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Line, PersonId, Slug, Words, once_each
from chassis.base.validation import contradiction
from chassis.children.vocabulary import Disability, Ethnicity, Sex, Upn, UpnUnknown
from chassis.web.pagination import Page
from services.children.children.models import ChildBase


class ChildIn(Input):
    """The whole record of who a child is, born or expected, from the case-management system."""

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
    siblings: Annotated[list[PersonId], AfterValidator(once_each)] = Field(default_factory=list, max_length=20)
    mother_person_id: PersonId | None = Field(default=None, description="The child's mother, if she has a record here.")
    school: Line | None = None
    gp_practice: Line | None = None
    address: Words | None = Field(default=None, description="Where letters to the child go.")
    communication_needs: Words | None = None
    email: EmailStr | None = Field(default=None, description="The child's own address, if letters may go there.")
    area_id: Slug
    team: Line | None = None
    social_worker: Line | None = Field(default=None, description="The social worker's name.")
    social_worker_id: ColleagueId | None = Field(
        default=None, description="The social worker's identifier in the directory, if any."
    )
    supervisor_id: ColleagueId | None = Field(default=None, description="The practice supervisor.")
    manager_id: ColleagueId | None = Field(
        default=None, description="The team manager, to whom the decisions of reviews are sent."
    )
    restricted: bool = Field(default=False, description="Only the child's chair and managers see the record.")

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


class ChildOut(ChildBase):
    """Who a child is, and who works with them."""

    sex: Sex | None
    upn_unknown: UpnUnknown | None


class ChildPage(Page[ChildOut]):
    """One page of children, by person number."""
