"""Figures: counted, never kept, so that every table agrees with every other."""

from typing import Annotated

from fastapi import Query

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.problems import Invalid, responses
from chassis.db.database import Figures
from chassis.figures.asking import ActivityQuery, Threshold, compared, count_activity
from chassis.process import ProcessDep
from chassis.web.routes import Routes
from services.conferences.figures import contributions, plans
from services.conferences.figures import queries as figures
from services.conferences.figures.activity import ACTIVITY
from services.conferences.figures.contributions import ContributionFiguresQuery
from services.conferences.figures.plans import PlanFiguresQuery
from services.conferences.figures.queries import ConferenceFiguresQuery
from services.conferences.figures.schemas import (
    ConferenceActivitiesOut,
    ConferenceFiguresOut,
    ContributionFiguresOut,
    PlanFiguresOut,
)
from services.conferences.roles import REPORTERS
from services.conferences.settings import settings_of

routes = Routes(prefix="/v1/figures/conferences", tags=["figures"])

Reporter = Annotated[Caller, may(*REPORTERS)]


@routes.get("", responses=responses(Invalid))
async def get_conference_figures(
    counting: Figures,
    caller: Reporter,
    today: Today,
    process: ProcessDep,
    query: Annotated[ConferenceFiguresQuery, Query()],
) -> ConferenceFiguresOut:
    """Count conferences held in a period by meetings, child-conferences and distinct children.

    Includes timeliness, participation, advocacy, outcomes, quoracy, plans and records in time, mothers and fathers.
    Rows by period include cumulative counts. The row without a key is the total.
    """
    settings = settings_of(process)
    return await compared(query, lambda asked: figures.count_conferences(counting, asked, today, settings))


@routes.get("/plans", responses=responses(Invalid))
async def get_protection_plan_figures(
    counting: Figures, caller: Reporter, threshold: Threshold, query: Annotated[PlanFiguresQuery, Query()]
) -> PlanFiguresOut:
    """Count children on a plan at the end of each period or on a date, by category, with starts, ends and durations.

    Includes plans of 2 years or more, and second or later plans. `cumulative` counts plans that started. The row
    without a key is the total: plans open on the last day, and all that started and ended.
    """
    return await compared(query, lambda asked: plans.count_plans(counting, asked, threshold))


@routes.get("/contributions", responses=responses(Invalid))
async def get_contribution_figures(
    counting: Figures, caller: Reporter, threshold: Threshold, query: Annotated[ContributionFiguresQuery, Query()]
) -> ContributionFiguresOut:
    """Count what invited professionals contributed to conferences held in a period: reports and attendance.

    Rows are by agency and role, as in the safeguarding partnership's half-yearly tables, unless you ask otherwise. The
    area is the professionals', the chair the conference's.
    """
    return await compared(query, lambda asked: contributions.count_contributions(counting, asked, threshold))


@routes.get("/activity", responses=responses(Invalid))
async def get_conference_activity(
    counting: Figures, caller: Reporter, threshold: Threshold, query: Annotated[ActivityQuery, Query()]
) -> ConferenceActivitiesOut:
    """Count 12-month discussions, checks, core groups, feedback and proposed escalations, by month or longer."""
    return await compared(
        query, lambda asked: count_activity(counting, ACTIVITY, asked, ConferenceActivitiesOut, threshold)
    )
