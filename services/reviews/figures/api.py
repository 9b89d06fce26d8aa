"""Figures: counted, never kept, so that every table agrees with every other."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, responses
from chassis.db.database import Figures
from chassis.figures.tables import FORMS, period_named
from chassis.law.periods import NoPeriod, PeriodKind
from chassis.process import ProcessDep
from services.reviews.figures import queries as figures
from services.reviews.figures.queries import Question, ReviewsBy, WhichReviews
from services.reviews.figures.schemas import ActivitiesOut, ReviewFiguresOut
from services.reviews.roles import ANALYSTS, REPORTERS
from services.reviews.settings import ReviewsSettings

routes = APIRouter(prefix="/v1/figures/reviews", tags=["figures"])

PeriodQuery = Annotated[str, Query(description=FORMS, max_length=10)]
UntilQuery = Annotated[Omittable[str], Query(description="The last period, to compare several.", max_length=10)]
AreaQuery = Annotated[Omittable[str], Query(description="Filter by area.")]
Analyst = Annotated[Caller, may(*ANALYSTS)]
Reporter = Annotated[Caller, may(*REPORTERS)]


def _days(period: str, until: str | None) -> tuple[date, date]:
    first, last = period_named("period", period), period_named("until", until or period)
    if last.last < first.first:
        raise Invalid.field("until", "after_period", "It is before the period.")
    return first.first, last.last


def _not_whole(by: str, error: NoPeriod) -> Invalid:
    return Invalid.field("by", "divides_period", f"These days are not made of rows of the kind {by}: {error}")


@routes.get("", responses=responses(Invalid))
async def get_review_figures(
    counting: Figures,
    caller: Reporter,
    today: Today,
    process: ProcessDep,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[ReviewsBy, Query(description="What the rows are.")] = ReviewsBy.MONTH,
    which: Annotated[
        WhichReviews, Query(description="Which reviews to count; those of the statutory return by default.")
    ] = WhichReviews.LOOKED_AFTER,
    participation_age: Annotated[
        Omittable[int],
        Query(ge=0, le=17, description="The age from which participation is counted; set by the council by default."),
    ] = None,
    area_id: AreaQuery = None,
    chair_id: Annotated[Omittable[str], Query(description="Filter by chair.")] = None,
    remand: Annotated[Omittable[bool], Query(description="Filter by whether the child was remanded.")] = None,
    suppress: Annotated[bool, Query(description="Leave out small counts, and counts that would reveal them.")] = False,
) -> ReviewFiguresOut:
    """Count the reviews held in a period: meetings, child-reviews and distinct children.

    Includes timeliness, participation, attendance, decisions and records. Rows for periods also have the cumulative
    count of child-reviews. The row without a key is the total.
    """
    assert isinstance(process.settings, ReviewsSettings)
    first, last = _days(period, until)
    age = process.settings.participation_age if participation_age is None else participation_age
    wanted = Question(by, first, last, which, age, area_id, chair_id, remand)
    threshold = process.settings.small_number_threshold if suppress else None
    try:
        return await figures.count(counting, wanted, today, threshold)
    except NoPeriod as error:
        raise _not_whole(by, error) from None


@routes.get("/activity", responses=responses(Invalid))
async def get_review_activity(
    counting: Figures,
    caller: Analyst,
    period: PeriodQuery,
    until: UntilQuery = None,
    by: Annotated[PeriodKind, Query(description="What the rows are.")] = PeriodKind.MONTH,
    area_id: AreaQuery = None,
) -> ActivitiesOut:
    """Count population, starts and ends, visits, midpoint checks, approvals to leave care and feedback by period."""
    first, last = _days(period, until)
    try:
        return await figures.activity(counting, by, first, last, area_id)
    except NoPeriod as error:
        raise _not_whole(by, error) from None
