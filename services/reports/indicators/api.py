"""The definitions of indicators, tables of them as the numbers are now, and a page with charts."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.council import council_of
from chassis.base.fields import ColleagueId, Line, Omittable, Slug
from chassis.base.problems import Invalid, Unavailable, responses
from chassis.figures.asking import FORMS, ROWS_ARE, FiguresIncomplete, Threshold
from chassis.figures.tables import Restart
from chassis.law.periods import PeriodKind, period_of
from chassis.process import ProcessDep
from chassis.web.routes import Routes
from services.reports.documents.forms import Form, rendered
from services.reports.documents.model import Table
from services.reports.indicators import live
from services.reports.indicators.definitions import INDICATORS, Indicator
from services.reports.indicators.gathering import LeftOut, gather
from services.reports.indicators.wanted import Wanted
from services.reports.roles import READERS

routes = Routes(prefix="/v1/indicators", tags=["figures"])

Reader = Annotated[Caller, may(*READERS)]
ANSWERED = responses(Invalid, FiguresIncomplete, Unavailable)
# The page brings its own style, and fetches nothing.
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


class FilteredQuery(BaseModel):
    """Which part of the work is counted; other parameters than those of its kinds are refused."""

    model_config = ConfigDict(extra="forbid")

    area_id: Omittable[Slug] = Field(None, description="Filter by area.")
    chair_id: Omittable[ColleagueId] = Field(None, description="Filter by chair.")
    team: Omittable[Line] = Field(None, max_length=100, description="Filter by social work team.")
    suppress: bool = Field(False, description="Leave out small counts about people, and what would reveal them.")


class IndicatorsQuery(FilteredQuery):
    """The parameters of `get_indicator_figures`."""

    indicator: list[str] = Field(min_length=1, max_length=20, description="The indicators, in the columns' order.")
    period: str = Field(description=FORMS, max_length=10)
    until: Omittable[str] = Field(None, max_length=10, description="The last period, to compare several.")
    by: str = Field("month", max_length=20, description=ROWS_ARE)
    compare: bool = Field(False, description="Add the period before, and the change of counts.")
    restart: Omittable[Restart] = Field(None, description="Add cumulative counts that begin again so.")
    other_below: int = Field(0, ge=0, description="Put rows with less of the first indicator together as Other.")


class IndicatorFiguresOut(BaseModel):
    """A table of indicators."""

    table: Table
    left_out: list[LeftOut] = Field(description="What was left out of it, and why.")


@routes.get("")
async def list_indicators(caller: Reader) -> list[Indicator]:
    """List what every number of a report means, whose figures it is taken from, and in which reports it is asked."""
    return list(INDICATORS.values())


class LivePageQuery(FilteredQuery):
    """The parameters of `show_indicators`."""

    period: Omittable[str] = Field(
        None, max_length=10, description=f"{FORMS} This and the last financial year if none."
    )
    until: Omittable[str] = Field(None, max_length=10, description="The last period, to compare several.")


@routes.get("/page", response_class=HTMLResponse, responses=ANSWERED)
async def show_indicators(
    caller: Reader, process: ProcessDep, threshold: Threshold, today: Today, query: Annotated[LivePageQuery, Query()]
) -> HTMLResponse:
    """Show the figures of managers as they are now: a page with charts, and the numbers behind each of them.

    Of an area, a team or a chair it shows what is counted by it.
    """
    this_year = period_of(PeriodKind.FINANCIAL_YEAR, today)
    default = {"period": this_year.previous().label, "until": this_year.label} if query.period is None else {}
    asked = Wanted(indicators=("reviews",), **query.model_dump(exclude={"suppress"}) | default)
    below = threshold if query.suppress else None
    found = await gather(process, live.tables_for(asked), below=below, names_filters=True)
    about = asked.filters()
    if asked.chair_id:
        about["chair_id"] = found.names.colleague(asked.chair_id)
    if asked.area_id:
        about["area_id"] = found.names.area(asked.area_id)
    shown = live.document(found, asked, about, council_of(process.settings), today, threshold)
    return HTMLResponse(await rendered(shown, Form.HTML), headers=PAGE_HEADERS)


@routes.get("/figures", responses=ANSWERED)
async def get_indicator_figures(
    caller: Reader, process: ProcessDep, threshold: Threshold, query: Annotated[IndicatorsQuery, Query()]
) -> IndicatorFiguresOut:
    """Gather a table of indicators from the services that count them: a column for each, a row for each period.

    Or for each area, chair, theme and so on, as far as the indicators are counted by it.
    """
    wanted = Wanted(indicators=tuple(query.indicator), **query.model_dump(exclude={"indicator", "suppress"}))
    found = await gather(process, [wanted], below=threshold if query.suppress else None)
    return IndicatorFiguresOut(table=found.tables[0], left_out=found.left_out)
