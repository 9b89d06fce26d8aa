"""What is due, a chair's diary, and whose report is missing before a conference."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query, Response

from chassis.audit import Look
from chassis.clock import Today
from chassis.dates import Day
from chassis.db import Reading
from chassis.pagination import Paging
from chassis.problems import Invalid, responses
from chassis.routing import Router
from chassis.seeing import seen_by
from services.conferences.api.dependencies import Reader
from services.conferences.queries.lists import DEADLINES, DIARY, MISSING_BY_AGENCY, MISSING_REPORTS
from services.conferences.rules.vocabulary import OwedBy, OwedKind
from services.conferences.schemas.children import ConferenceDeadlinePage
from services.conferences.schemas.conferences import ConferenceOut
from services.conferences.schemas.lists import MissingReportPage, MissingReportsByAgencyOut

routes = Router(prefix="/v1", tags=["diary"])
LONGEST_DIARY = timedelta(days=400)
AHEAD = timedelta(days=42)
FORTNIGHT = timedelta(days=14)

AgencyQuery = Annotated[str | None, Query(description="Only of this agency.")]
AreaQuery = Annotated[str | None, Query(description="Only of professionals in this area.")]
ChairQuery = Annotated[str | None, Query(description="Only for this chair's conferences.")]
FromQuery = Annotated[Day | None, Query(description="Only for conferences from this day on; today, if left out.")]
ToQuery = Annotated[
    Day | None, Query(description="Only for conferences until this day; a fortnight after the first, if left out.")
]


def _until(first: date, last: date | None, ahead: timedelta) -> date:
    """The last day that is meant, where none is given."""
    return last or (first + ahead if first < date.max - ahead else date.max)


@routes.get("/conference-deadlines", response_model=ConferenceDeadlinePage)
async def list_conference_deadlines(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    today: Today,
    kind: Annotated[OwedKind | None, Query(description="Only of this kind.")] = None,
    subject: Annotated[str | None, Query(description="Only this kind of conference.")] = None,
    owner_role: Annotated[OwedBy | None, Query(description="Only what somebody in this role owes.")] = None,
    owner_id: Annotated[str | None, Query(description="Only what this colleague owes.")] = None,
    chair_id: Annotated[str | None, Query(description="Only for this chair's children.")] = None,
    area_id: Annotated[str | None, Query(description="Only in this area.")] = None,
    team: Annotated[str | None, Query(description="Only for this social work team's children.")] = None,
    person_id: Annotated[str | None, Query(description="Only for this child.")] = None,
    conference_reference: Annotated[str | None, Query(description="Only about this conference.")] = None,
    due_from: Annotated[Day | None, Query(description="Only due on this day or later.")] = None,
    due_to: Annotated[Day | None, Query(description="Only due on this day or earlier.")] = None,
    overdue: Annotated[bool | None, Query(description="Only what is overdue, or only the others.")] = None,
) -> Response:
    """What is owed and overdue, soonest first, with the days left: conferences, core groups, checks, records."""
    given = {
        "kind": kind, "subject": subject, "owner_role": owner_role, "owner_id": owner_id, "chair_id": chair_id,
        "area_id": area_id, "team": team, "person_id": person_id, "conference_reference": conference_reference,
        "due_from": due_from, "due_to": due_to, "is_overdue": overdue or None,
        "is_not_overdue": overdue is False or None,
    }  # fmt: skip
    look = Look(caller, "list_conference_deadlines", "conference-deadlines")
    return await DEADLINES.page(reading, paging, look=look, today=today, **seen_by(caller), **given)


# This router comes before that of single conferences, or a diary would be looked for under the reference `diary`.
@routes.get("/conferences/diary", response_model=list[ConferenceOut], responses=responses(Invalid))
async def get_conference_diary(
    reading: Reading,
    caller: Reader,
    today: Today,
    chair_id: Annotated[str | None, Query(description="Whose; whoever asks, if left out.")] = None,
    first: Annotated[Day | None, Query(description="From this day; today, if left out.")] = None,
    last: Annotated[Day | None, Query(description="Until this day; six weeks ahead, if left out.")] = None,
) -> Response:
    """A chair's conferences between two days, in order, those that were held or cancelled included."""
    begins = first or today
    ends = _until(begins, last, AHEAD)
    if not timedelta() <= ends - begins <= LONGEST_DIARY:
        raise Invalid.field("last", "after_first", f"After the first day, and at most {LONGEST_DIARY.days} days later.")
    look = Look(caller, "get_conference_diary", "diary")
    given = {"chair_id": chair_id or caller.subject, "first": begins, "last": ends}
    return await DIARY.all(reading, look=look, **seen_by(caller), **given)


@routes.get("/missing-reports", response_model=MissingReportPage)
async def list_missing_reports(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    today: Today,
    planned_from: FromQuery = None,
    planned_to: ToQuery = None,
    agency_id: AgencyQuery = None,
    agency_role: Annotated[str | None, Query(description="Only in this role of the agency.")] = None,
    area_id: AreaQuery = None,
    chair_id: ChairQuery = None,
) -> Response:
    """Professionals whose report for a conference to come is expected and not there, the soonest conference first."""
    begins = planned_from or today
    given = {
        "planned_from": begins, "planned_to": _until(begins, planned_to, FORTNIGHT), "agency_id": agency_id,
        "agency_role": agency_role, "area_id": area_id, "chair_id": chair_id,
    }  # fmt: skip
    look = Look(caller, "list_missing_reports", "missing-reports")
    return await MISSING_REPORTS.page(reading, paging, look=look, today=today, **seen_by(caller), **given)


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
