"""Colleagues, agencies, areas and coverage."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, EmailStr, Field, model_validator

from chassis.base.fields import ColleagueId, Day, Input, Slug, once_each
from chassis.web.pagination import Page
from services.notifications.fields import Name, WithDays
from services.notifications.rules import Position


class AreaIn(Input):
    """A part of the council's area."""

    name: Name
    ends_on: Day | None = None


class AreaOut(BaseModel):
    """A part of the council's area."""

    id: str
    name: str
    ends_on: date | None
    version: int


class AreaPage(Page[AreaOut]):
    """One page of areas, by identifier."""


class AgencyIn(Input):
    """An organisation whose people come to meetings."""

    name: Name
    roles: Annotated[list[Slug], Field(min_length=1, max_length=100), AfterValidator(once_each)]
    internal: bool = Field(default=False, description="The council's own staff.")
    ends_on: Day | None = None


class AgencyOut(BaseModel):
    """An organisation whose people come to meetings."""

    id: str
    name: str
    roles: list[str] = Field(description="The roles of its people, such as `health-visitor`.")
    internal: bool
    ends_on: date | None
    version: int


class AgencyPage(Page[AgencyOut]):
    """One page of agencies, by identifier."""


class ColleagueIn(WithDays):
    """Somebody who works with this system."""

    name: Name
    email: EmailStr
    positions: Annotated[list[Position], Field(min_length=1), AfterValidator(once_each)]
    team_manager_id: ColleagueId | None = None
    area_id: Slug | None = None
    full_time_equivalent: Annotated[Decimal, Field(gt=0, le=1, decimal_places=2)] | None = None


class ColleagueOut(BaseModel):
    """Somebody who works with this system."""

    id: str = Field(description="The subject of their access token.")
    name: str
    email: str
    positions: list[Position]
    team_manager_id: str | None
    area_id: str | None
    full_time_equivalent: float | None
    starts_on: date
    ends_on: date | None
    version: int


class ColleaguePage(Page[ColleagueOut]):
    """One page of colleagues, by identifier."""


class CoverageIn(WithDays):
    """That an officer covers an agency."""

    colleague_id: ColleagueId
    agency_id: Slug | None = Field(default=None, description="Left out by a fallback for every agency alone.")
    agency_role: Slug | None = Field(default=None, description="One role; every role, if left out.")
    area_id: Slug | None = Field(default=None, description="One area; every area, if left out.")
    fallback: bool = Field(default=False, description="Counts only where nothing else does.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.agency_id is None and (not self.fallback or self.agency_role is not None):
            raise ValueError("Only a fallback without a role may be for every agency.")
        return self


class CoverageOut(BaseModel):
    """That an officer covers an agency."""

    id: UUID
    colleague_id: str
    agency_id: str | None
    agency_role: str | None
    area_id: str | None
    fallback: bool
    starts_on: date
    ends_on: date | None
    version: int


class CoveragePage(Page[CoverageOut]):
    """One page of coverage, oldest first."""


class PlaceOut(BaseModel):
    """A role at an agency in an area, and who covers it."""

    agency_id: str
    agency_role: str
    area_id: str
    officers: list[str]


class CoverageCheckOut(BaseModel):
    """What coverage leaves open on a day."""

    on: date
    gaps: list[PlaceOut] = Field(description="Nobody covers these.")
    overlaps: list[PlaceOut] = Field(description="More than one officer covers these equally; the first receives.")
