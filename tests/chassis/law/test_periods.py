"""Periods have one parser, one set of boundaries, and no gaps or overlaps."""

from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.law.periods import NoPeriod, Period, PeriodKind, parse, period_of, within

ONE_DAY = timedelta(days=1)


def ends(period: Period) -> tuple[date, date]:
    """The first and the last day of a period."""
    return period.first, period.last


kinds = st.sampled_from(PeriodKind)
# Days at which every kind has a period, and those around it.
days = st.dates(date(2013, 4, 1), date(2097, 12, 31))


@pytest.mark.parametrize(
    ("label", "kind", "first", "last", "name"),
    [
        ("2019-04", "month", date(2019, 4, 1), date(2019, 4, 30), "April 2019"),
        ("2020-02", "month", date(2020, 2, 1), date(2020, 2, 29), "February 2020"),
        ("2019-12", "month", date(2019, 12, 1), date(2019, 12, 31), "December 2019"),
        # Both could be financial years: two digits up to 12 are a month.
        ("2009-10", "month", date(2009, 10, 1), date(2009, 10, 31), "October 2009"),
        ("2011-12", "month", date(2011, 12, 1), date(2011, 12, 31), "December 2011"),
        ("2019-Q1", "quarter", date(2019, 4, 1), date(2019, 6, 30), "April to June 2019"),
        ("2019-Q2", "quarter", date(2019, 7, 1), date(2019, 9, 30), "July to September 2019"),
        ("2019-Q3", "quarter", date(2019, 10, 1), date(2019, 12, 31), "October to December 2019"),
        # The last quarter of the financial year falls in the next calendar year.
        ("2019-Q4", "quarter", date(2020, 1, 1), date(2020, 3, 31), "January to March 2020"),
        ("2019-H1", "half", date(2019, 4, 1), date(2019, 9, 30), "April to September 2019"),
        ("2019-H2", "half", date(2019, 10, 1), date(2020, 3, 31), "October 2019 to March 2020"),
        ("2012-13", "financial_year", date(2012, 4, 1), date(2013, 3, 31), "2012-13"),
        ("2019-20", "financial_year", date(2019, 4, 1), date(2020, 3, 31), "2019-20"),
        ("2099-00", "financial_year", date(2099, 4, 1), date(2100, 3, 31), "2099-00"),
        ("2019", "calendar_year", date(2019, 1, 1), date(2019, 12, 31), "2019"),
        ("2026-W48", "week", date(2026, 11, 23), date(2026, 11, 29), "the week of 23 November 2026"),
        # The first week of 2020 began in 2019; 2026 has a 53rd that ends in 2027.
        ("2020-W01", "week", date(2019, 12, 30), date(2020, 1, 5), "the week of 30 December 2019"),
        ("2026-W53", "week", date(2026, 12, 28), date(2027, 1, 3), "the week of 28 December 2026"),
    ],
)
def test_a_label_gives_its_boundaries_and_name(label: str, kind: str, first: date, last: date, name: str) -> None:
    period = parse(label)
    assert period == Period(PeriodKind(kind), label, first, last)
    assert period.name() == name
    assert period_of(period.kind, first) == period_of(period.kind, last) == period


@pytest.mark.parametrize(
    "label",
    [
        "",
        "2019-",
        "19",
        "2019-4",
        "2019-00",
        "2019-13",
        "2019-21",  # Not the year that follows.
        "2019-2020",
        "2019/20",
        "2019-Q0",
        "2019-Q5",
        "2019-H3",
        "2019-q1",
        "2026-W5",
        "2026-48",
        "2019-04-01",
        " 2019-04",
        "2019-04\n",
        "٢٠١٩",  # Digits, but not ours.
        "Q1 2019",
    ],
)
def test_another_form_is_refused_with_the_forms_there_are(label: str) -> None:
    with pytest.raises(NoPeriod) as refused:
        parse(label)
    for form in ("2019-04", "2019-Q1", "2019-H1", "2019-20", "a calendar year as 2019", "2026-W48"):
        assert form in str(refused.value)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("1999-00", "financial years from 2012-13 on"),
        ("1998-99", "financial years from 2012-13 on"),
        ("2025-W53", "no week 53 in 2025"),
        ("2026-W00", "no week 0 in 2026"),
        ("1899", "1900 to 2099"),
        ("0000-01", "1900 to 2099"),
        ("2100-Q1", "1900 to 2099"),
    ],
)
def test_a_period_that_does_not_exist_is_refused_with_the_reason(label: str, reason: str) -> None:
    with pytest.raises(NoPeriod, match=reason):
        parse(label)


def test_no_period_is_a_value_error() -> None:
    assert issubclass(NoPeriod, ValueError)


def test_financial_years_before_2012_cannot_be_reached_by_another_way() -> None:
    assert period_of(PeriodKind.FINANCIAL_YEAR, date(2012, 4, 1)).label == "2012-13"
    with pytest.raises(NoPeriod, match="April 2011"):
        period_of(PeriodKind.FINANCIAL_YEAR, date(2012, 3, 31))
    with pytest.raises(NoPeriod, match="April 2011"):
        parse("2012-13").previous()


@pytest.mark.parametrize(
    ("label", "following"),
    [
        ("2019-12", "2020-01"),
        ("2019-Q3", "2019-Q4"),
        ("2019-Q4", "2020-Q1"),
        ("2019-H2", "2020-H1"),
        ("2019-20", "2020-21"),
        ("2019", "2020"),
        ("2025-W52", "2026-W01"),
        ("2026-W53", "2027-W01"),
    ],
)
def test_a_period_knows_its_neighbours(label: str, following: str) -> None:
    assert parse(label).next() == parse(following)
    assert parse(following).previous() == parse(label)


@pytest.mark.parametrize(
    ("label", "kind", "parts"),
    [
        ("2019-Q4", PeriodKind.MONTH, ["2020-01", "2020-02", "2020-03"]),
        ("2019-H2", PeriodKind.QUARTER, ["2019-Q3", "2019-Q4"]),
        ("2019-H1", PeriodKind.MONTH, ["2019-04", "2019-05", "2019-06", "2019-07", "2019-08", "2019-09"]),
        ("2019-20", PeriodKind.HALF, ["2019-H1", "2019-H2"]),
        ("2019-20", PeriodKind.QUARTER, ["2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4"]),
        ("2020", PeriodKind.QUARTER, ["2019-Q4", "2020-Q1", "2020-Q2", "2020-Q3"]),
        ("2020", PeriodKind.MONTH, [f"2020-{month:02d}" for month in range(1, 13)]),
        ("2026-W48", PeriodKind.WEEK, ["2026-W48"]),
    ],
)
def test_a_period_is_made_up_of_shorter_ones(label: str, kind: PeriodKind, parts: list[str]) -> None:
    assert [part.label for part in within(kind, *ends(parse(label)))] == parts


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("2019-04", PeriodKind.QUARTER),
        ("2019", PeriodKind.HALF),  # October to March runs on into the next year.
        ("2019", PeriodKind.FINANCIAL_YEAR),
        ("2026-W48", PeriodKind.MONTH),
    ],
)
def test_a_kind_that_does_not_divide_a_period_is_refused(label: str, kind: PeriodKind) -> None:
    with pytest.raises(NoPeriod, match="is not made up of"):
        within(kind, *ends(parse(label)))


def test_a_period_is_a_value() -> None:
    period = parse("2019-Q1")
    assert {period: "once"}[parse("2019-Q1")] == "once"
    with pytest.raises(FrozenInstanceError):
        period.label = "2019-Q2"  # type: ignore[misc]


@given(kinds, days)
def test_a_label_read_back_gives_the_same_period(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    assert parse(period.label) == period


@given(kinds, days)
def test_every_day_is_in_exactly_one_period_of_a_kind(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    assert [near.first <= day <= near.last for near in (period.previous(), period, period.next())] == [
        False,
        True,
        False,
    ]


@given(kinds, days, st.integers(0, 400))
def test_the_days_of_a_period_agree_on_it(kind: PeriodKind, day: date, ahead: int) -> None:
    period = period_of(kind, day)
    other = day + timedelta(days=ahead)
    assert (period_of(kind, other) == period) is (period.first <= other <= period.last)


@given(kinds, days)
def test_neighbours_adjoin_and_lead_back(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    assert period.next().first == period.last + ONE_DAY
    assert period.previous().last == period.first - ONE_DAY
    assert period.next().previous() == period.previous().next() == period


@given(kinds, kinds, days)
def test_parts_cover_a_period_without_gap_or_overlap(kind: PeriodKind, whole: PeriodKind, day: date) -> None:
    period = period_of(whole, day)
    try:
        parts = within(kind, *ends(period))
    except NoPeriod:
        return
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(after.first == before.last + ONE_DAY for before, after in pairwise(parts))


@given(st.text("0123456789-QHW", max_size=9))
def test_any_text_is_a_label_as_written_or_refused(text: str) -> None:
    try:
        period = parse(text)
    except NoPeriod:
        return
    assert period.label == text
