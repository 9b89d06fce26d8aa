"""What is due, a chair's diary, and whose report is missing before a conference."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.access.visibility import seen_by
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable, Several
from chassis.meetings.diary import until
from chassis.web.pagination import PageQuery, chosen, sorted_by
from chassis.web.routes import Routes
from services.conferences.calendar.queries import MISSING_BY_AGENCY, MISSING_REPORTS
from services.conferences.calendar.schemas import MissingReportPage, MissingReportsByAgencyOut
from services.conferences.endpoints import Reader

routes = Routes(prefix="/v1", tags=["diary"])
FORTNIGHT = timedelta(days=14)

AgencyQuery = Annotated[Several[str], Query(description="Filter by agency.")]
AreaQuery = Annotated[Several[str], Query(description="Filter by the professionals' area.")]
ChairQuery = Annotated[Several[str], Query(description="Filter by the conferences' chair.")]
FromQuery = Annotated[Omittable[Day], Query(description="Conferences on or after this date; today, if left out.")]
ToQuery = Annotated[
    Omittable[Day], Query(description="Conferences on or before this date; 14 days after the first, if left out.")
]


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
