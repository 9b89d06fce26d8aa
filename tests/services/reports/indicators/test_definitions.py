"""The definitions of indicators: each is a number that a service counts, and says all that a glossary needs."""

from collections.abc import Mapping
from typing import Any

import pytest

from chassis.law.periods import PeriodKind
from services.conferences.figures.contributions import ContributionsBy
from services.conferences.figures.plans import PlansBy
from services.conferences.figures.queries import ConferencesBy
from services.conferences.figures.schemas import (
    ConferenceActivityOut,
    ConferenceFigureOut,
    ContributionFigureOut,
    PlanFigureOut,
)
from services.escalations.figures.queries import EscalationsBy, InformalBy
from services.escalations.figures.schemas import EscalationFigureOut, InformalFigureOut
from services.reports.indicators.definitions import INDICATORS, SOURCES, Indicator
from services.reviews.chairs.schemas import CaseloadOut
from services.reviews.figures.queries import ReviewsBy
from services.reviews.figures.schemas import ActivityOut, ReviewFigureOut

SHAPES: Mapping[str, Any] = {
    "reviews": (ReviewFigureOut, ReviewsBy),
    "review_activity": (ActivityOut, PeriodKind),
    "caseloads": (CaseloadOut, ("chair",)),
    "conferences": (ConferenceFigureOut, ConferencesBy),
    "conference_activity": (ConferenceActivityOut, PeriodKind),
    "plans": (PlanFigureOut, PlansBy),
    "contributions": (ContributionFigureOut, ContributionsBy),
    "escalations": (EscalationFigureOut, EscalationsBy),
    "informal": (InformalFigureOut, InformalBy),
}


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_an_indicator_is_what_its_owner_counts_and_says_what_it_means(indicator: Indicator) -> None:
    fields = SHAPES[indicator.table][0].model_fields
    assert {indicator.count, *indicator.of} <= fields.keys()
    assert indicator.meaning.endswith(".") and indicator.source and indicator.asked
    assert bool(indicator.of) == bool(indicator.numerator) == bool(indicator.denominator)


@pytest.mark.parametrize("table", SOURCES)
def test_the_rows_of_a_table_are_those_that_its_owner_knows(table: str) -> None:
    shape, rows = SHAPES[table]
    assert set(SOURCES[table].rows) <= {str(by) for by in rows}
    for whole, parts in SOURCES[table].sums:
        assert {whole, *parts} <= shape.model_fields.keys()


def test_no_two_indicators_have_one_name_or_are_the_same_number() -> None:
    titles = [indicator.title for indicator in INDICATORS.values()]
    assert len(set(titles)) == len(titles)
    numbers = [(each.table, each.count, each.of, *sorted(each.only.items())) for each in INDICATORS.values()]
    assert len(set(numbers)) == len(numbers)
