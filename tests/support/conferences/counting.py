"""How tests of figures ask for a table, and what they count by hand."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chassis.access.callers import Role
from chassis.law.periods import PeriodKind, parse, within
from services.conferences.figures.schemas import (
    ConferenceActivitiesOut,
    ConferenceFiguresOut,
    ContributionFiguresOut,
    PlanFiguresOut,
)
from tests.support.conferences.desk import JSON, Desk
from tests.support.conferences.invented import YEARS

PATH = "/v1/figures/conferences"
SHAPES: dict[str, Any] = {
    "": ConferenceFiguresOut,
    "/plans": PlanFiguresOut,
    "/contributions": ContributionFiguresOut,
    "/activity": ConferenceActivitiesOut,
}
KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.FINANCIAL_YEAR)
Key = Callable[[Any], str]


async def rows_of(desk: Desk, which: str = "", **query: Any) -> list[JSON]:
    """A table's rows, which keep to their schema."""
    answer = await desk.ask("GET", PATH + which, role=Role.PERFORMANCE_ANALYST, params=query)
    assert answer.status_code == 200, answer.text
    SHAPES[which].model_validate_json(answer.content, strict=True)
    return list(answer.json()["rows"])


async def two_years(desk: Desk, which: str = "", **query: Any) -> list[JSON]:
    """The same about the two years of the history."""
    return await rows_of(desk, which, period=YEARS[0], until=YEARS[1], **query)


def rate(part: int, whole: int) -> float | None:
    """A share with four digits after the point."""
    return float((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)) if whole else None


def label(kind: PeriodKind, day_of: Callable[[Any], date]) -> Key:
    """Which part of the two years something belongs to."""
    parts = [period for year in YEARS for period in within(kind, parse(year).first, parse(year).last)]
    return lambda row: next(part.label for part in parts if part.first <= day_of(row) <= part.last)


def shown(rows: Sequence[JSON], *left_out: str) -> list[JSON]:
    """Rows without what is counted up, and without these."""
    return [
        {name: value for name, value in row.items() if not name.startswith("cumulative") and name not in left_out}
        for row in rows
    ]
