"""What is due, a chair's diary, and whose report is missing before a conference."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, responses
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery
from services.conferences.calendar.queries import DEADLINES, DIARY, MISSING_BY_AGENCY, MISSING_REPORTS
from services.conferences.calendar.schemas import MissingReportPage, MissingReportsByAgencyOut
from services.conferences.children.schemas import ConferenceDeadlinePage
from services.conferences.endpoints import Reader
from services.conferences.meetings.schemas import ConferenceOut
from services.conferences.rules.vocabulary import OwedBy, OwedKind

routes = APIRouter(prefix="/v1", tags=["diary"])
LONGEST_DIARY = timedelta(days=400)
AHEAD = timedelta(days=42)
FORTNIGHT = timedelta(days=14)

AgencyQuery = Annotated[Omittable[str], Query(description="Only of this agency.")]
AreaQuery = Annotated[Omittable[str], Query(description="Only of professionals in this area.")]
ChairQuery = Annotated[Omittable[str], Query(description="Only for this chair's conferences.")]
FromQuery = Annotated[Omittable[Day], Query(description="Only for conferences from this day on; today, if left out.")]
ToQuery = Annotated[
    Omittable[Day], Query(description="Only for conferences until this day; a fortnight after the first, if left out.")
]


def _until(first: date, last: date | None, ahead: timedelta) -> date:
    """The last day that is meant, where none is given."""
    return last or (first + ahead if first < date.max - ahead else date.max)


class ConferenceDeadlinesQuery(PageQuery):
    """The parameters of `list_conference_deadlines`."""

    kind: Omittable[OwedKind] = Field(None, description="Only of this kind.")
    subject: Omittable[str] = Field(None, description="Only this kind of conference.")
    owner_role: Omittable[OwedBy] = Field(None, description="Only what somebody in this role owes.")
    owner_id: Omittable[str] = Field(None, description="Only what this colleague owes.")
    chair_id: Omittable[str] = Field(None, description="Only for this chair's children.")
    area_id: Omittable[str] = Field(None, description="Only in this area.")
    team: Omittable[str] = Field(None, description="Only for this social work team's children.")
    person_id: Omittable[str] = Field(None, description="Only for this child.")
    conference_reference: Omittable[str] = Field(None, description="Only about this conference.")
    due_from: Omittable[Day] = Field(None, description="Only due on this day or later.")
    due_to: Omittable[Day] = Field(None, description="Only due on this day or earlier.")
    overdue: Omittable[bool] = Field(None, description="Only what is overdue, or only the others.")


@routes.get("/conference-deadlines", response_model=ConferenceDeadlinePage)
async def list_conference_deadlines(
    reading: Reading, caller: Reader, query: Annotated[ConferenceDeadlinesQuery, Query()], today: Today
) -> Response:
    """What is owed and overdue, soonest first, with the days left: conferences, core groups, checks, records."""
    look = Look(caller, "list_conference_deadlines", "conference-deadlines")
    return await DEADLINES.page(reading, query, look=look, today=today, **seen_by(caller))


# This router comes before that of single conferences, or a diary would be looked for under the reference `diary`.
@routes.get("/conferences/diary", response_model=list[ConferenceOut], responses=responses(Invalid))
async def get_conference_diary(
    reading: Reading,
    caller: Reader,
    today: Today,
    chair_id: Annotated[Omittable[str], Query(description="Whose; whoever asks, if left out.")] = None,
    first: Annotated[Omittable[Day], Query(description="From this day; today, if left out.")] = None,
    last: Annotated[Omittable[Day], Query(description="Until this day; six weeks ahead, if left out.")] = None,
) -> Response:
    """A chair's conferences between two days, in order, those that were held or cancelled included."""
    begins = first or today
    ends = _until(begins, last, AHEAD)
    if not timedelta() <= ends - begins <= LONGEST_DIARY:
        raise Invalid.field("last", "after_first", f"After the first day, and at most {LONGEST_DIARY.days} days later.")
    look = Look(caller, "get_conference_diary", "diary")
    given = {"chair_id": chair_id or caller.subject, "first": begins, "last": ends}
    return await DIARY.all(reading, look=look, **seen_by(caller), **given)


class MissingReportsQuery(PageQuery):
    """The parameters of `list_missing_reports`."""

    planned_from: FromQuery = None
    planned_to: ToQuery = None
    agency_id: AgencyQuery = None
    agency_role: Omittable[str] = Field(None, description="Only in this role of the agency.")
    area_id: AreaQuery = None
    chair_id: ChairQuery = None


@routes.get("/missing-reports", response_model=MissingReportPage)
async def list_missing_reports(
    reading: Reading, caller: Reader, query: Annotated[MissingReportsQuery, Query()], today: Today
) -> Response:
    """Professionals whose report for a conference to come is expected and not there, the soonest conference first."""
    begins = query.planned_from or today
    given = {"planned_from": begins, "planned_to": _until(begins, query.planned_to, FORTNIGHT)}
    look = Look(caller, "list_missing_reports", "missing-reports")
    return await MISSING_REPORTS.page(reading, query, look=look, today=today, **seen_by(caller), **given)


@routes.get("/missing-reports/by-agency", response_model=list[MissingReportsByAgencyOut])
async def get_missing_reports_by_agency(
    reading: Reading,
    caller: Reader,
    today: Today,
    planned_from: FromQuery = None,
    planned_to: ToQuery = None,
    area_id: AreaQuery = None,
    chair_id: ChairQuery = None,
) -> Response:
    """How many of these there are for each role of an agency, the most first."""
    begins = planned_from or today
    ends = _until(begins, planned_to, FORTNIGHT)
    given = {"planned_from": begins, "planned_to": ends, "area_id": area_id, "chair_id": chair_id}
    # Nobody's record is shown, so nothing is written down.
    return await MISSING_BY_AGENCY.all(reading, look=None, today=today, **seen_by(caller), **given)
