"""Figures: counted, never kept, so that every table agrees with every other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, responses
from chassis.db.database import Figures
from chassis.figures.tables import FORMS, PERIODS, period_named
from chassis.law.periods import NoPeriod, PeriodKind
from chassis.process import ProcessDep
from services.conferences.figures import activity
from services.conferences.figures import contributions as contribution_figures
from services.conferences.figures import plans as plan_figures
from services.conferences.figures import queries as figures
from services.conferences.figures.contributions import ContributionsBy, ContributionsQuestion
from services.conferences.figures.plans import PlansBy, PlansQuestion
from services.conferences.figures.queries import ConferencesBy, Question
from services.conferences.figures.schemas import (
    ConferenceActivitiesOut,
    ConferenceFiguresOut,
    ContributionFiguresOut,
    PlanFiguresOut,
)
from services.conferences.roles import ANALYSTS, REPORTERS
from services.conferences.settings import settings_of

routes = APIRouter(prefix="/v1/figures/conferences", tags=["figures"])

PeriodQuery = Annotated[str, Query(description=FORMS, max_length=10)]
UntilQuery = Annotated[Omittable[str], Query(description="The last period, to compare several.", max_length=10)]
AreaQuery = Annotated[Omittable[str], Query(description="Filter by area.")]
SuppressQuery = Annotated[bool, Query(description="Leave out small counts, and counts that would reveal them.")]
Analyst = Annotated[Caller, may(*ANALYSTS)]
Reporter = Annotated[Caller, may(*REPORTERS)]


def _days(period: str, until: str | None) -> tuple[date, date]:
    first, last = period_named("period", period), period_named("until", until or period)
    if last.last < first.first:
        raise Invalid.field("until", "after_period", "The last period must not be before the first.")
    return first.first, last.last


@contextmanager
def _divided_by(by: str) -> Iterator[None]:
    try:
        yield
    except NoPeriod as error:
        message = f"The period cannot be divided into rows of the kind {by}: {error}"
        raise Invalid.field("by", "divides_period", message) from None


def _threshold(process: ProcessDep, *, suppress: bool) -> int | None:
    return settings_of(process).small_number_threshold if suppress else None


@routes.get("", responses=responses(Invalid))
async def get_conference_figures(
    counting: Figures,
    caller: Reporter,
    today: Today,
    process: ProcessDep,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[ConferencesBy, Query(description="What the rows are.")] = ConferencesBy.MONTH,
    participation_age: Annotated[
        Omittable[int],
        Query(
            ge=0, le=17, description="The age from which participation is reported; the council's setting, if left out."
        ),
    ] = None,
    area_id: AreaQuery = None,
    chair_id: Annotated[Omittable[str], Query(description="Filter by chair.")] = None,
    suppress: SuppressQuery = False,
) -> ConferenceFiguresOut:
    """Count conferences held in a period by meetings, child-conferences and distinct children.

    Includes timeliness, participation, advocacy, outcomes, quoracy, plans and records in time, mothers and fathers.
    Rows by period include cumulative counts. The row without a key is the total.
    """
    first, last = _days(period, until)
    age = settings_of(process).participation_age if participation_age is None else participation_age
    wanted = Question(by, first, last, age, area_id, chair_id)
    with _divided_by(by):
        return await figures.count(counting, wanted, today, _threshold(process, suppress=suppress))


@routes.get("/plans", responses=responses(Invalid))
async def get_protection_plan_figures(
    counting: Figures,
    caller: Reporter,
    process: ProcessDep,
    period: Annotated[Omittable[str], Query(description=FORMS, max_length=10)] = None,
    until: UntilQuery = None,
    on: Annotated[Omittable[Day], Query(description="A single date, instead of a period.")] = None,
    by: Annotated[Omittable[PlansBy], Query(description="What the rows are; months of a period, if left out.")] = None,
    area_id: AreaQuery = None,
    suppress: SuppressQuery = False,
) -> PlanFiguresOut:
    """Count children on a plan at the end of each period or on a date, by category, with starts, ends and durations.

    Includes plans of 2 years or more, and second or later plans. `cumulative` counts plans that started. The row
    without a key is the total: plans open on the last day, and all that started and ended.
    """
    by = by or (PlansBy.MONTH if on is None else PlansBy.DAY)
    if on is not None:
        if period is not None or until is not None:
            raise Invalid.field("on", "instead_of_period", "Enter a date or a period, not both.")
        if by in PERIODS:
            raise Invalid.field("by", "divides_period", "A single date cannot be divided into periods.")
        first = last = on
    else:
        if period is None:
            raise Invalid.field("period", "required", "Enter a period or a date.")
        if by is PlansBy.DAY:
            raise Invalid.field("by", "divides_period", "To get a table by day, enter the date in `on`.")
        first, last = _days(period, until)
    wanted = PlansQuestion(by, first, last, area_id)
    with _divided_by(by):
        return await plan_figures.count_plans(counting, wanted, _threshold(process, suppress=suppress))


@routes.get("/contributions", responses=responses(Invalid))
async def get_contribution_figures(
    counting: Figures,
    caller: Reporter,
    process: ProcessDep,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[ContributionsBy, Query(description="What the rows are.")] = ContributionsBy.AGENCY_AND_ROLE,
    area_id: Annotated[Omittable[str], Query(description="Filter by the professionals' area.")] = None,
    agency_id: Annotated[Omittable[str], Query(description="Filter by agency.")] = None,
    suppress: SuppressQuery = False,
) -> ContributionFiguresOut:
    """Count what invited professionals contributed to conferences held in a period: reports and attendance.

    Rows are by agency and role, as in the safeguarding partnership's half-yearly tables, unless you ask otherwise.
    """
    first, last = _days(period, until)
    wanted = ContributionsQuestion(by, first, last, area_id, agency_id)
    with _divided_by(by):
        return await contribution_figures.count_contributions(counting, wanted, _threshold(process, suppress=suppress))


@routes.get("/activity", responses=responses(Invalid))
async def get_conference_activity(
    counting: Figures,
    caller: Analyst,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[PeriodKind, Query(description="What the rows are.")] = PeriodKind.MONTH,
    area_id: AreaQuery = None,
) -> ConferenceActivitiesOut:
    """Count 12-month discussions, checks, core groups, feedback and proposed escalations, by month or longer."""
    first, last = _days(period, until)
    with _divided_by(by):
        return await activity.activity(counting, by, first, last, area_id)
