"""The statutory return: a year's checks, and its Reviews file."""

from typing import Annotated

from fastapi import Path, Response

from chassis.access import audit
from chassis.base.problems import Invalid, responses
from chassis.command import Command, commanded_by
from chassis.figures.asking import period_named
from chassis.importing.api import CSV
from chassis.law.periods import Period, PeriodKind
from chassis.web.routes import Routes
from services.reviews.returns import queries as returns
from services.reviews.returns.schemas import ReturnChecksOut
from services.reviews.roles import RETURNERS

routes = Routes(prefix="/v1/returns/ssda903", tags=["figures"])

# Reading whole years of children is audited, so it is a command.
Returner = Annotated[Command, commanded_by(*RETURNERS)]
Year = Annotated[str, Path(description="The year of the return, 1 April to 31 March, such as `2019-20`.")]


def _year(text: str) -> Period:
    period = period_named("year", text)
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        raise Invalid.field("year", "financial_year", "The return is about a financial year, such as 2019-20.")
    return period


@routes.get("/{year}/checks", responses=responses(Invalid))
async def check_ssda903_return(year: Year, command: Returner) -> ReturnChecksOut:
    """Check a year's return for duplicates, reviews outside the period of care, and codes that do not fit ages.

    The national validator does not catch these. Late reviews and short breaks are listed for information.
    """
    checked = await returns.check(command.process.database.figures, _year(year))
    await command.audit("check_ssda903_return", sorted({finding.person_id for finding in checked.findings}), year)
    return checked


@routes.get(
    "/{year}/reviews.csv",
    response_class=Response,
    responses=responses(Invalid) | {200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
async def export_ssda903_reviews(year: Year, command: Returner) -> Response:
    """Export a year's Reviews file: one row for each child and review, with days as dd/mm/yyyy."""
    text = await returns.export(command.process.database.figures, _year(year))
    people = sorted({line.partition(",")[0] for line in text.splitlines()[1:]})
    await audit.record(command.session, command.caller, action="export_ssda903_reviews", person_ids=people, record=year)
    headers = {"Content-Disposition": f'attachment; filename="reviews-{year}.csv"'}
    return Response(text, media_type=CSV, headers=headers)
