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
from services.reviews.figures import queries as figures
from services.reviews.figures.queries import ReviewFiguresQuery
from services.reviews.figures.schemas import ActivitiesOut, ReviewFiguresOut
from services.reviews.roles import REPORTERS
from services.reviews.settings import settings_of

routes = Routes(prefix="/v1/figures/reviews", tags=["figures"])

Reporter = Annotated[Caller, may(*REPORTERS)]


@routes.get("", responses=responses(Invalid))
async def get_review_figures(
    counting: Figures,
    caller: Reporter,
    today: Today,
    process: ProcessDep,
    query: Annotated[ReviewFiguresQuery, Query()],
) -> ReviewFiguresOut:
    """Count the reviews held in a period: meetings, child-reviews and distinct children.

    Includes timeliness, participation, attendance, decisions and records. Rows for periods also have the cumulative
    counts of meetings and child-reviews. The row without a key is the total.
    """
    settings = settings_of(process)
    return await compared(query, lambda asked: figures.count_reviews(counting, asked, today, settings))


@routes.get("/activity", responses=responses(Invalid))
async def get_review_activity(
    counting: Figures, caller: Reporter, threshold: Threshold, query: Annotated[ActivityQuery, Query()]
) -> ActivitiesOut:
    """Count population, starts and ends, visits, midpoint checks, approvals to leave care and feedback by period.

    Includes referrals for disruption meetings and to Life Links.
    """
    return await compared(
        query, lambda asked: count_activity(counting, figures.ACTIVITY, asked, ActivitiesOut, threshold)
    )
