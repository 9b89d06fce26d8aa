"""What is due, and whose report is missing."""

from datetime import date, time
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.law.deadlines import DeadlineKind
from chassis.web.pagination import Page


class MissingReportOut(BaseModel):
    """A professional whose report for a planned conference is missing."""

    invitation_id: UUID
    reference: str = Field(description="The conference's reference.")
    planned_on: date
    planned_time: time | None
    chair_id: str
    area_id: str = Field(description="The professional's area.")
    agency_id: str
    agency_role: str
    name: str
    team: str | None
    email: str | None
    children: int = Field(description="The number of children the report is about.")
    report_due_on: date
    days_left: int = Field(description="Negative when the report is overdue.")
    apologies_on: date | None = Field(description="When apologies for the conference were sent.")


class MissingReportPage(Page[MissingReportOut]):
    """One page of missing reports, soonest conference first."""


class MissingReportsByAgencyOut(BaseModel):
    """The number of missing reports for a role in an agency."""

    agency_id: str
    agency_role: str
    missing: int
    overdue: int = Field(description="Of these, the number overdue.")
    conferences: int = Field(description="The number of conferences they are for.")
    soonest_on: date = Field(description="The date of the soonest of these conferences.")


class ConferenceDigestEntryOut(BaseModel):
    """Something overdue, or due soon, for a chair's weekly reminder: listed once for all children of a conference."""

    chair_id: str | None
    person_id: str = Field(description="One of the children.")
    children: int
    kind: DeadlineKind
    subject: str
    due_on: date
    conference_reference: str | None
    proposals: int = Field(
        description="The number of escalations waiting for the chair's decision, if that is what is due."
    )
