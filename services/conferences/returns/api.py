"""The children in need census: a year's checks, and its child protection parts as XML."""

from typing import Annotated

from fastapi import Path, Query, Response

from chassis.access import audit
from chassis.base.problems import Invalid, responses
from chassis.command import Command, commanded_by
from chassis.figures.asking import period_named
from chassis.law.periods import Period, PeriodKind
from chassis.web.routes import Routes
from services.conferences.returns import queries as census
from services.conferences.returns.schemas import CensusChecksOut
from services.conferences.roles import RETURNERS

routes = Routes(prefix="/v1/returns/cin-census", tags=["figures"])
XML = "application/xml"

# Reading whole years of children is audited, so it is a command.
Returner = Annotated[Command, commanded_by(*RETURNERS)]
Year = Annotated[str, Path(description="The year of the census, 1 April to 31 March, such as `2019-20`.")]
Authority = Annotated[
    str, Query(pattern=r"^[0-9]{3}$", description="The council's number at the department, of 3 digits.")
]


def _year(text: str) -> Period:
    period = period_named("year", text)
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        raise Invalid.field("year", "financial_year", "Enter a financial year, such as 2019-20.")
    return period


@routes.get("/{year}/checks", responses=responses(Invalid))
async def check_cin_census(year: Year, command: Returner) -> CensusChecksOut:
    """Check a year's census before it is sent. Late conferences are listed for information."""
    checked = await census.check(command.process.database.figures, _year(year))
    await command.audit("check_cin_census", sorted({finding.person_id for finding in checked.findings}), year)
    return checked


@routes.get(
    "/{year}/census.xml",
    response_class=Response,
    responses=responses(Invalid) | {200: {"content": {XML: {"schema": {"type": "string"}}}}},
)
async def export_cin_census(year: Year, command: Returner, authority: Authority) -> Response:
    """Export the section 47 and child protection parts of a year's census, to join with data from other systems."""
    statements = command.process.database.figures
    text, people = await census.export(statements, _year(year), authority, command.now)
    await audit.record(command.session, command.caller, action="export_cin_census", person_ids=people, record=year)
    headers = {"Content-Disposition": f'attachment; filename="cin-census-{year}.xml"'}
    return Response(text, media_type=XML, headers=headers)
