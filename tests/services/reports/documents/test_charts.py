"""Charts can be told apart without colour, show no more than their table, and come out the same each time."""

import math
import re
from itertools import combinations

import pytest

from services.reports.documents import charts
from services.reports.documents.model import Chart, ChartKind, Table
from tests.support.reports.documents import chart, hostile, months, organisations, report

TABLES = {table.key: table for table in report().tables()}


@pytest.mark.parametrize("drawn", report().charts(), ids=lambda drawn: drawn.kind)
def test_a_chart_is_the_same_each_time(drawn: Chart) -> None:
    first, second = (charts.svg(drawn, TABLES[drawn.table], letters="path") for _ in range(2))
    assert first == second
    assert charts.png(drawn, TABLES[drawn.table]).startswith(b"\x89PNG")


def test_charts_of_one_page_share_no_identifiers() -> None:
    found = [
        set(re.findall(r'\bid="([^"]+)"', charts.svg(drawn, TABLES[drawn.table], letters="none")))
        for drawn in report().charts()
    ]
    assert all(found)
    assert [one & other for one, other in combinations(found, 2) if one & other] == []


def test_series_differ_without_colour() -> None:
    for looks in (charts.DASHES, charts.MARKERS, charts.HATCHES):
        assert len(set(looks)) == 8


def test_what_is_left_out_is_left_out_of_the_chart() -> None:
    drawn = charts.svg(chart(ChartKind.BAR, "reviews-by-month", "month", "late"), months(), letters="none")
    assert drawn.count(">[c]<") == 2


def test_a_sum_that_begins_anew_is_a_new_line() -> None:
    points = charts._broken([5, 9, 3, None, 4])
    assert [number for _, number in points if not math.isnan(number)] == [5, 9, 3, 4]
    assert math.isnan(points[2][1])


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_table_without_rows_has_a_chart(kind: ChartKind) -> None:
    table = Table(**organisations().model_dump() | {"rows": []})
    assert charts.svg(chart(kind, table.key, "organisation", "raised"), table, letters="none")


def test_words_within_a_chart_are_words() -> None:
    drawn = charts.svg(hostile().charts()[0], hostile().tables()[0], letters="none")
    assert "<script" not in drawn
