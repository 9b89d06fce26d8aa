"""What callers send and are sent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, model_validator

from chassis.pagination import Page
from services.notifications.rules import MessageState, Position


def _one_line(text: str) -> str:
    if any(ord(character) < 32 for character in text):
        raise ValueError("One line, without control characters.")
    return text.strip()


def _once_each(many: list[Any]) -> list[Any]:
    if len(set(many)) != len(many):
        raise ValueError("Name each one once.")
    return many


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Lower case, digits and hyphens.")]
ColleagueId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]


class Input(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class _WithDays(Input):
    starts_on: date
    ends_on: date | None = Field(default=None, description="The last day, if there is one.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("The last day, ends_on, is not before the first, starts_on.")
        return self


class AreaIn(Input):
    """A part of the council's area."""

    name: Name
    ends_on: date | None = None


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
    roles: Annotated[list[Slug], Field(min_length=1, max_length=100), AfterValidator(_once_each)]
    internal: bool = Field(default=False, description="The council's own staff.")
    ends_on: date | None = None


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


class ColleagueIn(_WithDays):
    """Somebody who works with this system."""

    name: Name
    email: EmailStr
    positions: Annotated[list[Position], Field(min_length=1), AfterValidator(_once_each)]
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


class CoverageIn(_WithDays):
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


class ImportProblemOut(BaseModel):
    """What is wrong with one row of an import."""

    row: int = Field(description="The row's number; the heading is row 1.")
    field: str
    reason: str


class DirectoryImportOut(BaseModel):
    """What became of an import of the directory."""

    rows: int
    imported: int = Field(description="All of them, or none.")
    dry_run: bool
    problems: list[ImportProblemOut]


class ScheduleRunOut(BaseModel):
    """One run of a schedule."""

    period: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    attempts: int
    caught_up: bool = Field(description="It began more than an hour late.")
    outcome: dict[str, Any] = Field(description="What it did, such as how many messages it queued.")


class ScheduleOut(BaseModel):
    """Something that is sent by the clock."""

    name: str
    description: str
    last_run: ScheduleRunOut | None
    next_period: str | None
    next_due_at: datetime | None
    owed: list[str] = Field(description="The periods that are due and not done.")


class PeriodIn(Input):
    """Which period of a schedule."""

    period: Annotated[str, Field(min_length=4, max_length=20, description="As the schedule names it, `2019-Q1`.")]


class PreviewOut(BaseModel):
    """A message as it would be sent."""

    recipient_id: str
    address: str
    template: str
    subject: str
    html: str
    text: str


class MessageOut(BaseModel):
    """A message in the log."""

    id: UUID
    template: str
    recipient_id: str
    address: str
    subject: str
    schedule: str | None
    period: str | None
    state: MessageState
    queued_at: datetime
    due_at: datetime | None = Field(description="When it is sent or tried next.")
    tries: int
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    failure: str | None
    resent_from: UUID | None


class MessagePage(Page[MessageOut]):
    """One page of messages, newest first."""


class MessageAttemptOut(BaseModel):
    """One try to send a message."""

    at: datetime
    outcome: str


class WholeMessageOut(MessageOut):
    """A message with its words; the secret of an answer link is left out of them."""

    html: str
    text: str
    attempts: list[MessageAttemptOut]


class QueuedOut(BaseModel):
    """A message that was queued."""

    id: UUID


class SuppressionIn(Input):
    """An address to which nothing more is sent."""

    address: EmailStr
    reason: Name


class SuppressionOut(BaseModel):
    """An address to which nothing is sent."""

    address: str
    reason: str
    since: datetime
    by: str


class SuppressionPage(Page[SuppressionOut]):
    """One page of suppressed addresses."""


class BouncesOut(BaseModel):
    """What a delivery-status mail was about."""

    message_ids: list[UUID]
    permanent: bool
