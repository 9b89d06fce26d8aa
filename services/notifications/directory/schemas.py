"""Colleagues, agencies, areas and coverage."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, EmailStr, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Slug, once_each
from chassis.base.validation import contradiction
from chassis.web.pagination import Page
from services.notifications.directory.models import AgencyBase, AreaBase, ColleagueBase, CoverageBase
from services.notifications.fields import Name, Telephone, WithDays
from services.notifications.rules import Position


class AreaIn(Input):
    """A part of the council's area."""

    name: Name
    ends_on: Day | None = None


class AreaOut(AreaBase):
    """A part of the council's area."""


class AreaPage(Page[AreaOut]):
    """One page of areas, by identifier."""


class AgencyIn(Input):
    """An organisation whose people come to meetings."""

    name: Name
    roles: Annotated[list[Slug], Field(min_length=1, max_length=100), AfterValidator(once_each)]
    internal: bool = Field(default=False, description="The council's own staff.")
    ends_on: Day | None = None


class AgencyOut(AgencyBase):
    """An organisation whose people come to meetings."""


class AgencyPage(Page[AgencyOut]):
    """One page of agencies, by identifier."""


class ColleagueIn(WithDays):
    """Somebody who works with this system."""

    name: Name
    email: EmailStr
    telephone: Telephone | None = None
    positions: Annotated[list[Position], Field(min_length=1), AfterValidator(once_each)]
    team_manager_id: ColleagueId | None = None
    area_id: Slug | None = None
    full_time_equivalent: Annotated[Decimal, Field(gt=0, le=1, decimal_places=2)] | None = None
    reports_due_weekly: bool = False


class ColleagueOut(ColleagueBase):
    """Somebody who works with this system."""

    full_time_equivalent: float | None


class ColleaguePage(Page[ColleagueOut]):
    """One page of colleagues, by identifier."""


class CoverageIn(WithDays):
    """That an officer covers an agency."""

    colleague_id: ColleagueId
    agency_id: Slug | None = Field(default=None, description="Only a fallback may leave it out, for every agency.")
    agency_role: Slug | None = Field(default=None, description="A role. Every role, if left out.")
    area_id: Slug | None = Field(default=None, description="An area. Every area, if left out.")
    fallback: bool = Field(default=False, description="Applies only if no other coverage does.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.agency_id is None and (not self.fallback or self.agency_role is not None):
            contradiction(
                "fallback_only", "Only a fallback without a role may be for every agency.", "agency_id", "fallback"
            )
        return self


class CoverageOut(CoverageBase):
    """That an officer covers an agency."""


class CoveragePage(Page[CoverageOut]):
    """One page of coverage, oldest first."""


class PlaceOut(BaseModel):
    """A role at an agency in an area, and who covers it."""

    agency_id: str
    agency_role: str
    area_id: str
    officers: list[str]


class CoverageCheckOut(BaseModel):
    """The gaps and overlaps of coverage on a day."""

    on: date
    gaps: list[PlaceOut] = Field(description="Covered by no officer.")
    overlaps: list[PlaceOut] = Field(description="Covered equally by several officers. The first receives escalations.")
