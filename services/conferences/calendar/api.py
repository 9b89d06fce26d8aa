"""What is due, a chair's diary, and whose report is missing before a conference."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.access.visibility import seen_by
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.law.deadlines import DeadlineKind, DeadlineOwner
from chassis.meetings.diary import DiaryQuery, OpenDeadlinesQuery, until
from chassis.web.pagination import PageQuery, chosen, sorted_by
from chassis.web.routes import Routes
from services.conferences.calendar.queries import DEADLINES, DIARY, MISSING_BY_AGENCY, MISSING_REPORTS, OF_CHILD
from services.conferences.calendar.schemas import (
    ConferenceDeadlineOut,
    ConferenceDeadlinePage,
    MissingReportPage,
    MissingReportsByAgencyOut,
)
from services.conferences.children.queries import WHOLE_CHILD
from services.conferences.endpoints import Person, Reader
from services.conferences.meetings.schemas import ConferenceOut

routes = Routes(prefix="/v1", tags=["diary"])
FORTNIGHT = timedelta(days=14)

AgencyQuery = Annotated[Several[str], Query(description="Filter by agency.")]
AreaQuery = Annotated[Several[str], Query(description="Filter by the professionals' area.")]
ChairQuery = Annotated[Several[str], Query(description="Filter by the conferences' chair.")]
FromQuery = Annotated[Omittable[Day], Query(description="Conferences on or after this date; today, if left out.")]
ToQuery = Annotated[
    Omittable[Day], Query(description="Conferences on or before this date; 14 days after the first, if left out.")
]


class ConferenceDeadlinesQuery(OpenDeadlinesQuery):
    """The parameters of `list_conference_deadlines`."""

    kind: Several[DeadlineKind] = Field(None, description="Filter by kind.")
    subject: Several[str] = Field(None, description="Filter by kind of conference.")
    owner_role: Several[DeadlineOwner] = Field(None, description="Filter by role of the person responsible.")
    conference_reference: Several[str] = Field(None, description="Filter by conference.")


@routes.get("/conference-deadlines", response_model=ConferenceDeadlinePage)
async def list_conference_deadlines(
    reader: Reader, query: Annotated[ConferenceDeadlinesQuery, Query()], today: Today
) -> Response:
    """List what is due or overdue, soonest first, with the days left: conferences, core groups, checks, records."""
    return await reader.page(DEADLINES, query, today=today)


# This router comes before that of single conferences, or a diary would be looked for under the reference `diary`.
@routes.get("/conferences/diary", response_model=list[ConferenceOut], responses=responses(Invalid))
async def get_conference_diary(reader: Reader, today: Today, query: Annotated[DiaryQuery, Query()]) -> Response:
    """List a chair's conferences between two dates, including those held or cancelled."""
    return await reader.all(DIARY, "diary", **query.wanted(reader.caller.subject, today))


class MissingReportsQuery(PageQuery):
    """The parameters of `list_missing_reports`."""

    planned_from: FromQuery = None
    planned_to: ToQuery = None
    agency_id: AgencyQuery = None
    agency_role: Several[str] = Field(None, description="Filter by role in the agency.")
    area_id: AreaQuery = None
    chair_id: ChairQuery = None
    sort: str = sorted_by("planned_on", "report_due_on", "agency_id")


@routes.get("/invitations/missing-reports", response_model=MissingReportPage)
async def list_missing_reports(
    reader: Reader, query: Annotated[MissingReportsQuery, Query()], today: Today
) -> Response:
    """List professionals whose report for a planned conference is missing, soonest conference first."""
    begins = query.planned_from or today
    given = {"planned_from": begins, "planned_to": until(begins, query.planned_to, FORTNIGHT)}
    return await reader.page(MISSING_REPORTS, query, today=today, **given)


@routes.get("/invitations/missing-reports/by-agency", response_model=list[MissingReportsByAgencyOut])
async def get_missing_reports_by_agency(
    reader: Reader,
    today: Today,
    planned_from: FromQuery = None,
    planned_to: ToQuery = None,
    area_id: AreaQuery = None,
    chair_id: ChairQuery = None,
) -> Response:
    """Count missing reports by agency and role, most first."""
    begins = planned_from or today
    ends = until(begins, planned_to, FORTNIGHT)
    given = chosen({"planned_from": begins, "planned_to": ends, "area_id": area_id, "chair_id": chair_id})
    # No child's record is shown, so nothing is audited.
    return await MISSING_BY_AGENCY.all(reader.statements, today=today, **seen_by(reader.caller), **given)


@routes.get(
    "/children/{person_id}/conference-owed", response_model=list[ConferenceDeadlineOut], responses=responses(NotFound)
)
async def get_conference_owed(person_id: Person, reader: Reader, today: Today) -> Response:
    """List a child's open deadlines, soonest first, with the rule behind each and who is responsible."""
    return await reader.all_of(OF_CHILD, WHOLE_CHILD, person_id=person_id, today=today)
