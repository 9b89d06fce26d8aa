"""Figures: counted on request, never stored, so that all tables agree."""

from typing import Annotated

from fastapi import APIRouter, Query

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, responses
from chassis.db.database import Figures
from chassis.figures.tables import FORMS, PERIODS, period_named
from chassis.process import ProcessDep
from services.escalations.figures import queries as figures
from services.escalations.figures.queries import By, Question, RepeatBy
from services.escalations.figures.schemas import FiguresOut, InformalFiguresOut, RepeatOut
from services.escalations.roles import ANALYSTS, NAMERS, REPORTERS
from services.escalations.rules import Kind
from services.escalations.settings import settings_of

routes = APIRouter(prefix="/v1/figures", tags=["figures"])

PeriodQuery = Annotated[str, Query(description=FORMS, max_length=10)]
Analyst = Annotated[Caller, may(*ANALYSTS)]
Reporter = Annotated[Caller, may(*REPORTERS)]


@routes.get("/escalations", responses=responses(Invalid))
async def get_escalation_figures(
    counting: Figures,
    caller: Reporter,
    today: Today,
    process: ProcessDep,
    period: PeriodQuery,
    by: Annotated[By, Query(description="What to group rows by.")] = By.MONTH,
    kind: Annotated[Omittable[Kind], Query(description="Filter by kind.")] = None,
    agency_id: Annotated[Omittable[str], Query(description="Filter by agency.")] = None,
    area_id: Annotated[Omittable[str], Query(description="Filter by area.")] = None,
    suppress: Annotated[bool, Query(description="Leave out small counts, and counts that would reveal them.")] = False,
) -> FiguresOut:
    """Count the escalations raised in a period and their outcomes, by month, agency, theme and so on.

    Rows for periods include the cumulative count. The row without a key is the total.
    """
    wanted = Question(by, period_named("period", period), kind, agency_id, area_id)
    threshold = settings_of(process).small_number_threshold if suppress else None
    try:
        return await figures.count(counting, wanted, today, threshold)
    except ValueError:
        if by not in PERIODS:
            raise
        raise Invalid.field("by", "divides_period", f"A period {period} is not made of {by} rows.") from None


@routes.get("/informal", responses=responses(Invalid))
async def get_informal_figures(counting: Figures, caller: Analyst, period: PeriodQuery) -> InformalFiguresOut:
    """Count the positive challenges and notes of good practice in a period."""
    return await figures.count_informal(counting, period_named("period", period))


@routes.get("/repeats")
async def get_repeats(
    counting: Figures,
    caller: Annotated[Caller, may(*NAMERS)],
    today: Today,
    by: Annotated[RepeatBy, Query(description="What to group failures by.")] = RepeatBy.PROFESSIONAL,
    months: Annotated[int, Query(ge=1, le=60, description="How many calendar months to count, up to today.")] = 12,
    at_least: Annotated[int, Query(ge=2, le=1000, description="The fewest failures to include.")] = 2,
    agency_id: Annotated[Omittable[str], Query(description="Filter by agency.")] = None,
) -> list[RepeatOut]:
    """List agencies, teams or professionals that failed conferences repeatedly, most frequent first. At most 200."""
    return await figures.repeats(counting, by, today=today, months=months, at_least=at_least, agency_id=agency_id)
