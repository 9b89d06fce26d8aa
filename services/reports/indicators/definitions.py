"""The definitions of indicators: what each number means, whose figures it is taken from, and where it is asked."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from services.reports.documents.model import Definition, Unit
from services.reports.rules import ReportKind

PERIODS = ("month", "quarter", "half", "financial_year", "calendar_year")
FILTERS = ("area_id", "chair_id", "team")
# What is so on the last day of a period, and not what happened in it.
OF_A_DAY = frozenset({"looked_after", "visited_within_6_months"})
# Of numbers about people; those about work are shown however small they are.
SMALL_NUMBERS = "Fewer than {below} are left out, with whatever would reveal them."


class Owner(StrEnum):
    """The services that count."""

    REVIEWS = "reviews"
    CONFERENCES = "conferences"
    ESCALATIONS = "escalations"


@dataclass(frozen=True)
class Source:
    """A table of figures of another service: where it is asked for, by what, and which of its counts add up."""

    owner: Owner
    path: str
    rows: tuple[str, ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    filters: tuple[str, ...] = FILTERS


_MEETINGS = ("kind", "chair", "area", "team", "age_band", "participation")
SOURCES = {
    "reviews": Source(
        Owner.REVIEWS,
        "/v1/figures/reviews",
        (*PERIODS, *_MEETINGS, "sequence"),
        (("child_reviews", ("in_time", "late")),),
    ),
    "review_activity": Source(
        Owner.REVIEWS,
        "/v1/figures/reviews/activity",
        PERIODS,
        (("life_links_referred", ("life_links_declined", "life_links_worked_with", "life_links_open")),),
    ),
    "caseloads": Source(Owner.REVIEWS, "/v1/chairs/caseloads", ("chair",), filters=("chair_id",)),
    "conferences": Source(
        Owner.CONFERENCES,
        "/v1/figures/conferences",
        (*PERIODS, *_MEETINGS, "category"),
        (("child_conferences", ("in_time", "late")),),
    ),
    "conference_activity": Source(Owner.CONFERENCES, "/v1/figures/conferences/activity", PERIODS),
    "plans": Source(
        Owner.CONFERENCES,
        "/v1/figures/conferences/plans",
        (*PERIODS, "category", "chair", "area", "team"),
        (
            ("open", ("neglect", "physical", "sexual", "emotional", "multiple")),
            ("ended", ("ended_by_conference", "ended_otherwise")),
            (
                "ended",
                (
                    "ended_up_to_three_months",
                    "ended_up_to_six_months",
                    "ended_under_one_year",
                    "ended_under_two_years",
                    "ended_two_years_or_more",
                ),
            ),
        ),
    ),
    "contributions": Source(
        Owner.CONFERENCES,
        "/v1/figures/conferences/contributions",
        (*PERIODS, "agency", "agency_and_role", "role", "area"),
        filters=FILTERS[:2],
    ),
    "escalations": Source(
        Owner.ESCALATIONS,
        "/v1/figures/escalations",
        (*PERIODS, "kind", "agency", "agency_role", "area", "theme", "reason", "stage", "owner"),
        (("raised", ("open", "resolved", "withdrawn")), ("raised", ("answered", "unanswered"))),
        filters=FILTERS[:2],
    ),
    "informal": Source(Owner.ESCALATIONS, "/v1/figures/informal", (*PERIODS, "theme"), filters=FILTERS[:2]),
}


class Indicator(BaseModel):
    """One definition. A share is `count` out of the sum of `of`; `only` is which part of the figures counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="Its name in addresses.")
    title: str = Field(description="Its name for people.")
    meaning: str = Field(description="What it counts, in words.")
    unit: Unit
    table: str = Field(description="The table of figures that it is taken from.")
    count: str = Field(description="The field of that table that is counted.")
    of: tuple[str, ...] = Field(default=(), description="Of a share: the fields whose sum it is out of.")
    numerator: str = Field(default="", description="Of a share: what is counted, in words.")
    denominator: str = Field(default="", description="Of a share: what it is out of, in words.")
    people: bool = Field(default=True, description="Whether it tells of people, so that small numbers are left out.")
    adds_up: bool = Field(
        default=True, description="Whether months add up to their year: different children and those of a day do not."
    )
    only: dict[str, str] = Field(default={}, description="Which part of the figures counts, by their parameters.")
    note: str = Field(default="", description="What every table that shows it says below it.")
    source: str = Field(description="The law, guidance or practice by which it is defined.")
    asked: tuple[ReportKind, ...] = Field(description="The kinds of report in which it is asked.")

    @property
    def figures(self) -> Source:
        """The table of figures that it is taken from."""
        return SOURCES[self.table]

    def definition(self, below: int) -> Definition:
        """The definition as a report's glossary shows it."""
        return Definition(
            name=self.title,
            meaning=self.meaning,
            unit=self.unit,
            numerator=self.numerator,
            denominator=self.denominator,
            small_numbers=SMALL_NUMBERS.format(below=below) if self.people else "",
            source=self.source,
        )


def _read() -> dict[str, Indicator]:
    written = tomllib.loads((Path(__file__).parent / "indicators.toml").read_text())
    return {name: Indicator(name=name, **said) for name, said in written.items()}


INDICATORS = _read()
