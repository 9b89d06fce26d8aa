"""What is seen across conferences: whose report is missing, and what happened for a child."""

from datetime import date, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.web.pagination import Page


class MissingReportOut(BaseModel):
    """A professional whose report for a planned conference is expected and is not there."""

    invitation_id: UUID
    reference: str = Field(description="The conference's.")
    planned_on: date
    planned_time: time | None
    chair_id: str
    area_id: str = Field(description="The professional's area.")
    agency_id: str
    agency_role: str
    name: str
    team: str | None
    email: str | None
    children: int = Field(description="For how many children the report is.")
    report_due_on: date
    days_left: int = Field(description="Below 0 when the report is overdue.")
    apologies_on: date | None = Field(description="When apologies for the meeting itself were sent.")


class MissingReportPage(Page[MissingReportOut]):
    """One page of missing reports, those of the soonest conference first."""


class MissingReportsByAgencyOut(BaseModel):
    """How many reports of a role of an agency are expected and are not there."""

    agency_id: str
    agency_role: str
    missing: int
    overdue: int = Field(description="Of these, those whose last day has gone by.")
    conferences: int = Field(description="The conferences for which they are.")
    soonest_on: date = Field(description="The day of the soonest of these.")


class ConferenceTimelineEntryOut(BaseModel):
    """One thing that happened for a child."""

    on: date
    what: str = Field(description="Such as `enquiry_started`, `conference_held`, `plan_started` or `core_group_held`.")
    reference: str | None = Field(description="The conference's, where it belongs to one.")
    details: dict[str, Any]
