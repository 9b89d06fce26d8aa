"""Which table of indicators is wanted, and which days and which of its owner's figures that means."""

from collections.abc import Iterator
from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from chassis.base.problems import Invalid
from chassis.figures.asking import days_of, period_named
from chassis.figures.tables import Restart
from chassis.law.periods import NoPeriod, PeriodKind, period_of
from services.reports.indicators.asking import Question
from services.reports.indicators.definitions import FILTERS, INDICATORS, PERIODS, Indicator


class Wanted(BaseModel, frozen=True):
    """A table of indicators that is wanted: its columns, what its rows are, and which days it is about."""

    key: str = "figures"
    caption: str = ""
    indicators: tuple[str, ...] = Field(min_length=1)
    by: str = "month"
    period: str
    until: str | None = None
    area_id: str | None = None
    chair_id: str | None = None
    team: str | None = None
    compare: bool = False
    restart: Restart | None = None
    other_below: int = Field(0, description="Rows with less of the first indicator are put together as Other.")

    def check(self) -> None:
        """`Invalid` if there is no such table."""
        for name in self.indicators:
            if name not in INDICATORS:
                raise Invalid.field("indicator", "known", f"There is no indicator {name}.")
            if self.by not in INDICATORS[name].figures.rows:
                raise Invalid.field("by", "rows_of", f"{INDICATORS[name].title} cannot be shown by {self.by}.")
            for filtered in self.filters().keys() - set(INDICATORS[name].figures.filters):
                raise Invalid.field(filtered, "filter_of", f"{INDICATORS[name].title} is not counted by {filtered}.")
        self.days()
        if self.compare:
            self.days_before()

    def definitions(self) -> Iterator[Indicator]:
        """Its indicators, in their order."""
        return (INDICATORS[name] for name in self.indicators)

    def has_periods(self) -> bool:
        """Whether its rows are periods."""
        return self.by in PERIODS

    def days(self) -> tuple[date, date]:
        """Its first and its last day; `Invalid` if its periods are none, or in the wrong order."""
        return days_of(self.period, self.until)

    def days_before(self) -> tuple[date, date]:
        """Its first and its last day one period earlier."""
        first, last = period_named("period", self.period), period_named("until", self.until or self.period)
        try:
            return first.previous().first, last.previous().last
        except NoPeriod as error:
            raise Invalid.field("period", "period", str(error)) from None

    def run_up(self) -> Self | None:
        """The periods between the last restart of cumulative counts and its first row; none if it begins with one."""
        if self.restart is None or not self.has_periods():
            return None
        kind, (day, _) = PeriodKind(self.by), self.days()
        first = period_of(kind, day)
        try:
            begun = period_of(kind, self.restart.first_day(first))
        except NoPeriod:
            return None
        if self.restart.year_of(begun) != self.restart.year_of(first):
            # It began in the year before.
            begun = begun.next()
        if begun == first:
            return None
        return self.model_copy(update={"period": begun.label, "until": first.previous().label, "compare": False})

    def question(self, indicator: Indicator) -> Question:
        """What is asked of the service that owns an indicator."""
        only = tuple(sorted((indicator.only | self.filters()).items()))
        return Question(indicator.table, self.by, self.period, self.until, only, self.compare)

    def filters(self) -> dict[str, str]:
        """What it is filtered by."""
        return {name: value for name in FILTERS if (value := getattr(self, name)) is not None}
