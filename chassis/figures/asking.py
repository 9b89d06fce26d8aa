"""How a table of figures is asked for and answered: the same parameters and the same frame for all of them."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar, get_args

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, Problem
from chassis.base.settings import Settings
from chassis.db.statements import Statements
from chassis.figures.compared import ComparedOut, compare
from chassis.figures.tables import Restart, leave_out_counts, table
from chassis.law.periods import NoPeriod, Period, PeriodKind, parse, within
from chassis.process import ProcessDep

FORMS = "A month `2019-04`, quarter `2019-Q1` (April to June), half `2019-H1`, financial year `2019-20` or year `2019`."
ROWS_ARE = "What the rows are."
_KINDS = {str(kind): kind for kind in PeriodKind}


class FiguresIncomplete(Problem):
    """A service that counts cannot be asked at the moment: half of the figures would look like all."""

    status = 503


class FiguresSettings(Settings):
    """The settings of a service that counts figures."""

    small_number_threshold: int = Field(
        default=5, ge=2, description="Counts below this can identify people: figures leave them out on request."
    )


async def small_number_threshold(process: ProcessDep) -> int:
    """Below which count numbers are left out where that is asked for."""
    assert isinstance(process.settings, FiguresSettings)
    return process.settings.small_number_threshold


Threshold = Annotated[int, Depends(small_number_threshold)]


class PeriodsBy(StrEnum):
    """What the rows of a table are that has none but periods."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"


class FiguresQuery(BaseModel):
    """The parameters that every table of figures takes. A table adds `by` and its filters; others are refused."""

    model_config = ConfigDict(extra="forbid")

    period: str = Field(description=FORMS, max_length=10)
    until: Omittable[str] = Field(None, max_length=10, description="The last period, to compare several.")
    by: str
    area_id: Omittable[str] = Field(None, description="Filter by area.")
    chair_id: Omittable[str] = Field(None, description="Filter by chair.")
    suppress: bool = Field(False, description="Leave out small counts, and counts that would reveal them.")
    compare: bool = Field(False, description="Add `compared`: the period before, the change and shares of the total.")
    restart: Omittable[Restart] = Field(None, description="When cumulative counts begin again; never by default.")

    def days(self) -> tuple[date, date]:
        """The first and the last day that count; `Invalid` if the periods are none, or in the wrong order."""
        return days_of(self.period, self.until)

    def before(self) -> Self:
        """The same question one period earlier: each row then stands beside the period before its own."""
        asked = {field: getattr(self, field) for field in ("period", "until")}
        return self.model_copy(update={field: _before(field, label) for field, label in asked.items() if label})

    def periods(self) -> list[Period] | None:
        """The periods that the rows are, if they are periods; `Invalid` if the days are not made of them."""
        kind, days = _KINDS.get(self.by), self.days()
        if kind is None:
            return None
        try:
            return within(kind, *days)
        except NoPeriod as error:
            message = f"The period cannot be divided into rows of the kind {self.by}: {error}"
            raise Invalid.field("by", "divides_period", message) from None


def days_of(period: str, until: str | None) -> tuple[date, date]:
    """The first and the last day of one period or several; `Invalid` if they are none, or in the wrong order."""
    first, last = period_named("period", period), period_named("until", until or period)
    if last.last < first.first:
        raise Invalid.field("until", "after_period", "The last period must not be before the first.")
    return first.first, last.last


def period_named(field: str, text: str) -> Period:
    """The period that a field of a query names; `Invalid` if it is none."""
    try:
        return parse(text)
    except NoPeriod as error:
        raise Invalid.field(field, "period", str(error)) from None


def _before(field: str, label: str) -> str:
    try:
        return period_named(field, label).previous().label
    except NoPeriod as error:
        raise Invalid.field(field, "period", str(error)) from None


def only(column: str, number: int, kind: str = "text") -> str:
    """The SQL condition that a column has the value of a numbered parameter, if there is one."""
    return f"(${number}::{kind} IS NULL OR {column} = ${number})"


Row = TypeVar("Row", bound=BaseModel)
Out = TypeVar("Out", bound="FiguresOut[Any]")


class FiguresOut(BaseModel, Generic[Row]):
    """A table of figures."""

    by: str
    first_day: date
    last_day: date
    suppressed_below: int | None = Field(description="Counts below this were left out.")
    rows: list[Row]
    compared: list[ComparedOut] | None = Field(None, description="Each row beside the period before, if asked for.")

    @classmethod
    def row(cls) -> Any:
        """The schema of its rows."""
        return get_args(cls.model_fields["rows"].annotation)[0]


async def count(
    statements: Statements,
    statement: str,
    values: Sequence[Any],
    query: FiguresQuery,
    out: type[Out],
    threshold: int,
    *,
    apart: Collection[str] = (),
    **about: Any,
) -> Out:
    """A table that one statement counts: a row for each key, periods without any included, then the total.

    `values` are those of the statement's parameters, `apart` the fields whose rows do not add up to the total, `about`
    what the table says besides.
    """
    periods = query.periods()
    found = await statements.rows(statement, *values)
    below = threshold if query.suppress else None
    rows = table(out.row(), found, periods, suppress_below=below, apart=apart, restart=query.restart)
    return _answer(query, out, rows, threshold, about)


AnyQuery = TypeVar("AnyQuery", bound=FiguresQuery)


async def compared(query: AnyQuery, counted: Callable[[AnyQuery], Awaitable[Out]]) -> Out:
    """A table; where it was asked for, with each row beside that of the period before."""
    found = await counted(query)
    if query.compare:
        earlier = await counted(query.before())
        found.compared = compare(found.rows, earlier.rows, in_order=query.periods() is not None)
    return found


class ActivityQuery(FiguresQuery):
    """The parameters of a table of what happened period by period."""

    by: PeriodKind = Field(PeriodKind.MONTH, description=ROWS_ARE)
    team: Omittable[str] = Field(None, description="Filter by social work team.")


class Activity(BaseModel):
    """A period of such a table; counts on a day are those of its last one. There is no total."""

    # The counts of children, and those of which one tells another.
    OF_PEOPLE: ClassVar[frozenset[str]]
    SUMS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()

    key: str
    last_day: date


async def count_activity(
    statements: Statements, statement: str, query: ActivityQuery, out: type[Out], threshold: int
) -> Out:
    """What happened period by period, from a statement whose parameters are their first and last days and the filters.

    Its rows are in the periods' order. Where small numbers are left out, each count of children is looked at by itself.
    """
    periods = query.periods() or []
    firsts, lasts = [period.first for period in periods], [period.last for period in periods]
    found = await statements.rows(statement, firsts, lasts, query.area_id, query.chair_id, query.team)
    rows = [out.row()(key=period.label, **row) for period, row in zip(periods, map(dict, found), strict=True)]
    if query.suppress:
        leave_out_counts(rows, threshold)
    return _answer(query, out, rows, threshold, {})


def _answer(query: FiguresQuery, out: type[Out], rows: Sequence[Any], threshold: int, about: dict[str, Any]) -> Out:
    first, last = query.days()
    below = threshold if query.suppress else None
    return out(by=query.by, first_day=first, last_day=last, suppressed_below=below, rows=rows, **about)
