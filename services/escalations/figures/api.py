"""Figures: counted, never kept, so that every table agrees with every other."""

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
from services.escalations.settings import EscalationsSettings

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
    by: Annotated[By, Query(description="What the rows are.")] = By.MONTH,
    kind: Annotated[Omittable[Kind], Query(description="Only this kind.")] = None,
    agency_id: Annotated[Omittable[str], Query(description="Only this agency.")] = None,
    area_id: Annotated[Omittable[str], Query(description="Only this area.")] = None,
    suppress: Annotated[bool, Query(description="Leave out small counts, and what gives them away.")] = False,
) -> FiguresOut:
    """How many escalations were raised in a period and what became of them, by month, agency, theme and so on.

    Rows of periods hold the cumulative count as well; the row without a key is the total. All of it is one query.
    """
    assert isinstance(process.settings, EscalationsSettings)
    wanted = Question(by, period_named("period", period), kind, agency_id, area_id)
    threshold = process.settings.small_number_threshold if suppress else None
    try:
        return await figures.count(counting, wanted, today, threshold)
    except ValueError:
        if by not in PERIODS:
            raise
        raise Invalid.field("by", "divides_period", f"A period {period} is not made of {by} rows.") from None


@routes.get("/informal", responses=responses(Invalid))
async def get_informal_figures(counting: Figures, caller: Analyst, period: PeriodQuery) -> InformalFiguresOut:
    """How many positive challenges and notes of good practice there were in a period."""
    return await figures.count_informal(counting, period_named("period", period))


@routes.get("/repeats")
async def get_repeats(
    counting: Figures,
    caller: Annotated[Caller, may(*NAMERS)],
    today: Today,
    by: Annotated[RepeatBy, Query(description="Who is looked at.")] = RepeatBy.PROFESSIONAL,
    months: Annotated[int, Query(ge=1, le=60, description="The window: so many calendar months up to today.")] = 12,
    at_least: Annotated[int, Query(ge=2, le=1000, description="Only with so many failures or more.")] = 2,
    agency_id: Annotated[Omittable[str], Query(description="Only this agency.")] = None,
) -> list[RepeatOut]:
    """Agencies, teams or professionals that failed conferences again and again, the most frequent 200 first."""
    return await figures.repeats(counting, by, today=today, months=months, at_least=at_least, agency_id=agency_id)
