"""The demonstration's annual report, read from its workbook cell by cell, beside every table of the source report."""

import pytest

from chassis.law.periods import parse
from tests.support import published
from tests.support.journeys.demonstration import get
from tests.support.journeys.published_report import (
    CUMULATIVE,
    MONTHS,
    PERCENTAGES,
    PROSE,
    SMALL,
    TO_HIDE_IT,
    YEARS,
    Rows,
    by_month,
    column,
    is_as_published,
    organisations,
    slips_of,
    tables,
    themes,
)
from tests.support.system import System

OF_BOTH_YEARS = ("2018-04", "2020-03")


@pytest.fixture(scope="module")
def annual(system: System) -> dict[str, Rows]:
    (report, _) = get(system, "/v1/reports?kind=annual&state=published").json()["items"]
    assert report["period"] == "2019-20"
    return tables(get(system, f"/v1/reports/{report['reference']}/document.xlsx").content)


@pytest.mark.parametrize(("name", "counted", "table", "heading"), MONTHS)
def test_every_month_is_the_published_one(
    annual: dict[str, Rows], name: str, counted: str, table: str, heading: str
) -> None:
    first, last = OF_BOTH_YEARS
    expected = {month: count for month, count in by_month(name, counted).items() if first <= month <= last}
    shown = column(annual[table], heading)
    assert [row for row in shown if row != "Total"] == list(expected)
    assert [month for month, count in expected.items() if not is_as_published(shown[month], count)] == []


@pytest.mark.parametrize(("name", "counted", "table", "heading", "caption"), CUMULATIVE)
def test_cumulative_counts_are_the_published_ones_but_for_the_slips_of_the_appendix(
    annual: dict[str, Rows], name: str, counted: str, table: str, heading: str, caption: str
) -> None:
    expected, slips = by_month(name, counted), slips_of(annual["slips"], caption)
    months, shown = (column(annual[table], each) for each in (heading, f"{heading}, cumulative"))
    # The records begin in April 2018: the January to March of that year are not whole in them.
    too_high = expected["2018-03"] - (shown["2018-04"] - months["2018-04"])
    for month in list(months)[:-1]:
        too_high = slips.get(parse(month).name(), 0) + (0 if month.endswith("-01") else too_high)
        assert expected[month] == shown[month] + too_high, month


@pytest.mark.parametrize(("counted", "heading"), YEARS)
def test_both_years_are_the_published_ones(annual: dict[str, Rows], counted: str, heading: str) -> None:
    expected = {row["financial_year"]: int(row[counted]) for row in published.read("lac_reviews_by_financial_year.csv")}
    shown = column(annual["reviews-by-year"], heading)
    assert shown == {year: expected[year] for year in published.YEARS}


def test_organisations_are_the_published_ones_but_for_the_total_that_the_appendix_names(
    annual: dict[str, Rows],
) -> None:
    shown = column(annual["escalations-by-role"], "Escalations about conferences")
    slip = slips_of(annual["slips"], "Escalations about conferences by organisation")
    total = shown.pop("Total")
    assert shown == organisations()
    assert total + slip["2019-20"] == published.prose("cp_escalations")
    before = column(annual["escalations-by-month"], "Escalations about conferences")
    of_2018 = sum(count for month, count in before.items() if month < "2019-04")
    assert of_2018 + slip["2018-19"] == published.prose("cp_escalations", "2018-04/2019-03")


def test_themes_are_the_published_ones(annual: dict[str, Rows]) -> None:
    shown = column(annual["escalations-by-theme"], "Escalations about care planning")
    assert shown == themes() | {"Total": published.prose("lac_escalations_raised")}


@pytest.mark.parametrize(("figure", "period", "table", "row", "heading"), PROSE)
def test_numbers_of_the_published_words_are_in_the_tables(
    annual: dict[str, Rows], figure: str, period: str, table: str, row: str, heading: str
) -> None:
    assert column(annual[table], heading)[row] == published.prose(figure, period)


@pytest.mark.parametrize(("figure", "table", "heading"), PERCENTAGES)
def test_shares_of_the_published_words_are_in_the_tables(
    annual: dict[str, Rows], figure: str, table: str, heading: str
) -> None:
    assert column(annual[table], heading)["2019-20"] == published.prose(figure) / 100


def test_posts_are_the_published_ones_and_chairs_have_names(annual: dict[str, Rows]) -> None:
    posts = column(annual["caseloads"], "Full-time equivalents")
    assert posts["Total"] == float(
        next(row["value"] for row in published.read("figures_in_prose.csv") if row["figure"] == "chair_posts_fte")
    )
    assert [row for row in posts if row.startswith("chair-")] == []


def test_secure_reviews_are_left_out_since_the_year_before_had_few(annual: dict[str, Rows]) -> None:
    shown = column(annual["special-reviews"], "Secure accommodation reviews")
    assert shown == {"2018-19": SMALL, "2019-20": TO_HIDE_IT}


def test_the_appendix_lists_every_slip_of_the_published_tables(annual: dict[str, Rows]) -> None:
    slips = annual["slips"]
    tables_with_slips = [row["Published table"] for row in slips]
    assert {table: tables_with_slips.count(table) for table in tables_with_slips} == {
        "Review meetings, cumulative in each calendar year": 35,
        "Conferences, cumulative in each calendar year": 16,
        "Escalations about conferences by organisation": 2,
    }
