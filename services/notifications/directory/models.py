"""The directory: areas, agencies, colleagues and coverage."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Numeric
from sqlmodel import Field

from chassis.base.fields import new_id
from chassis.db.columns import TEXTS
from services.notifications.models import Base, Shared
from services.notifications.rules import Position


class AreaBase(Shared):
    """A part of the council's area."""

    id: str = Field(primary_key=True)
    name: str
    ends_on: date | None = None
    version: int


class Area(Base, AreaBase, table=True):
    """A part of the council's area."""

    version: int = 1


class AgencyBase(Shared):
    """An organisation whose people come to meetings."""

    id: str = Field(primary_key=True)
    name: str
    roles: list[str] = Field(sa_type=TEXTS, description="The roles of its people, such as `health-visitor`.")
    internal: bool
    ends_on: date | None = None
    version: int


class Agency(Base, AgencyBase, table=True):
    """An organisation whose people come to meetings, or the council's own staff (`internal`)."""

    internal: bool = False
    version: int = 1


class ColleagueBase(Shared):
    """Somebody who works with this system."""

    id: str = Field(primary_key=True, description="The subject of their access token.")
    name: str
    email: str
    telephone: str | None = None
    positions: list[Position] = Field(sa_type=TEXTS)
    team_manager_id: str | None = Field(default=None, sa_column_args=[ForeignKey("colleague.id")])
    area_id: str | None = Field(default=None, sa_column_args=[ForeignKey("area.id")])
    starts_on: date
    ends_on: date | None = None
    reports_due_weekly: bool = False
    version: int


class Colleague(Base, ColleagueBase, table=True):
    """Somebody who works with this system. They leave by a date."""

    full_time_equivalent: Decimal | None = Field(default=None, sa_type=Numeric(4, 2))
    version: int = 1


class Photograph(Base, table=True):
    """A picture of a colleague, PNG or JPEG."""

    colleague_id: str = Field(primary_key=True, sa_column_args=[ForeignKey("colleague.id")])
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)


class CoverageBase(Shared):
    """That a liaison officer covers an agency, perhaps one role of it in one area, from a day to a day."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    colleague_id: str = Field(sa_column_args=[ForeignKey("colleague.id")])
    agency_id: str | None = Field(default=None, sa_column_args=[ForeignKey("agency.id")])
    agency_role: str | None = None
    area_id: str | None = Field(default=None, sa_column_args=[ForeignKey("area.id")])
    fallback: bool
    starts_on: date
    ends_on: date | None = None
    version: int


class Coverage(Base, CoverageBase, table=True):
    """That a liaison officer covers an agency."""

    fallback: bool = False
    version: int = 1
