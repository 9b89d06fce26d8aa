"""Figures: counted, never kept, so that every table agrees with every other."""

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
from services.conferences.settings import ConferencesSettings

routes = APIRouter(prefix="/v1/figures/conferences", tags=["figures"])

PeriodQuery = Annotated[str, Query(description=FORMS, max_length=10)]
UntilQuery = Annotated[
    Omittable[str], Query(description="The last period, to put several side by side.", max_length=10)
]
AreaQuery = Annotated[Omittable[str], Query(description="Only this area.")]
SuppressQuery = Annotated[bool, Query(description="Leave out small counts, and what gives them away.")]
Analyst = Annotated[Caller, may(*ANALYSTS)]
Reporter = Annotated[Caller, may(*REPORTERS)]


def _days(period: str, until: str | None) -> tuple[date, date]:
    first, last = period_named("period", period), period_named("until", until or period)
    if last.last < first.first:
        raise Invalid.field("until", "after_period", "It is before the period.")
    return first.first, last.last


def _not_whole(by: str, error: NoPeriod) -> Invalid:
    return Invalid.field("by", "divides_period", f"These days are not made of rows of the kind {by}: {error}")


def _settings(process: ProcessDep) -> ConferencesSettings:
    assert isinstance(process.settings, ConferencesSettings)
    return process.settings


def _threshold(process: ProcessDep, *, suppress: bool) -> int | None:
    return _settings(process).small_number_threshold if suppress else None


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
        Query(ge=0, le=17, description="The age from which participation is told; a setting, if left out."),
    ] = None,
    area_id: AreaQuery = None,
    chair_id: Annotated[Omittable[str], Query(description="Only this chair's meetings.")] = None,
    suppress: SuppressQuery = False,
) -> ConferenceFiguresOut:
    """Conferences that were held in a period, and how: meetings, child-conferences and distinct children side by side.

    With timeliness, participation and advocacy, outcomes, quoracy, plans and records in time, mothers and fathers.
    Rows of periods hold the cumulative counts as well; the row without a key is the total. All of it is one query.
    """
    first, last = _days(period, until)
    age = _settings(process).participation_age if participation_age is None else participation_age
    wanted = Question(by, first, last, age, area_id, chair_id)
    try:
        return await figures.count(counting, wanted, today, _threshold(process, suppress=suppress))
    except NoPeriod as error:
        raise _not_whole(by, error) from None


@routes.get("/plans", responses=responses(Invalid))
async def get_protection_plan_figures(
    counting: Figures,
    caller: Reporter,
    process: ProcessDep,
    period: Annotated[Omittable[str], Query(description=FORMS, max_length=10)] = None,
    until: UntilQuery = None,
    on: Annotated[Omittable[Day], Query(description="This day alone, instead of a period.")] = None,
    by: Annotated[Omittable[PlansBy], Query(description="What the rows are; months of a period, if left out.")] = None,
    area_id: AreaQuery = None,
    suppress: SuppressQuery = False,
) -> PlanFiguresOut:
    """Children on a child protection plan at the end of each period or on a day, by category; starts, ends, durations.

    With plans of 2 years or more and second or later ones. `cumulative` counts plans that started. The row without a
    key is the total: those open on its last day, and all that started and ended.
    """
    by = by or (PlansBy.MONTH if on is None else PlansBy.DAY)
    if on is not None:
        if period is not None or until is not None:
            raise Invalid.field("on", "instead_of_period", "Ask about a day or about a period.")
        if by in PERIODS:
            raise Invalid.field("by", "divides_period", "A day is not made of periods.")
        first = last = on
    else:
        if period is None:
            raise Invalid.field("period", "required", "Ask about a period, or about a day.")
        if by is PlansBy.DAY:
            raise Invalid.field("by", "divides_period", "A table by day is about one day: say which under `on`.")
        first, last = _days(period, until)
    wanted = PlansQuestion(by, first, last, area_id)
    try:
        return await plan_figures.count_plans(counting, wanted, _threshold(process, suppress=suppress))
    except NoPeriod as error:
        raise _not_whole(by, error) from None


@routes.get("/contributions", responses=responses(Invalid))
async def get_contribution_figures(
    counting: Figures,
    caller: Reporter,
    process: ProcessDep,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[ContributionsBy, Query(description="What the rows are.")] = ContributionsBy.AGENCY_AND_ROLE,
    area_id: Annotated[Omittable[str], Query(description="Only professionals in this area.")] = None,
    agency_id: Annotated[Omittable[str], Query(description="Only this agency.")] = None,
    suppress: SuppressQuery = False,
) -> ContributionFiguresOut:
    """What invited professionals contributed to conferences held in a period: reports in time, late or none; who came.

    By agency and role, as the half-yearly tables for the safeguarding partnership have it, or by anything else.
    """
    first, last = _days(period, until)
    wanted = ContributionsQuestion(by, first, last, area_id, agency_id)
    try:
        return await contribution_figures.count_contributions(counting, wanted, _threshold(process, suppress=suppress))
    except NoPeriod as error:
        raise _not_whole(by, error) from None


@routes.get("/activity", responses=responses(Invalid))
async def get_conference_activity(
    counting: Figures,
    caller: Analyst,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[PeriodKind, Query(description="What the rows are.")] = PeriodKind.MONTH,
    area_id: AreaQuery = None,
) -> ConferenceActivitiesOut:
    """12-month discussions, checks, core groups, feedback and proposed escalations, by month or longer."""
    first, last = _days(period, until)
    try:
        return await activity.activity(counting, by, first, last, area_id)
    except NoPeriod as error:
        raise _not_whole(by, error) from None
