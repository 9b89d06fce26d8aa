"""The words of our templates and of the demonstration call meetings meetings, and a child reviewed twice two reviews."""

import re
from pathlib import Path

import pytest

from services.reports.indicators.definitions import INDICATORS
from services.reports.reports.template import TEMPLATES, template_of
from services.reports.rules import ReportKind
from tests.support.system import PROJECT

# What counts a child as often as there was a meeting about the child.
EACH_TIME = ("child_reviews", "child_conferences", "initial")
TIMES = [name for name, found in INDICATORS.items() if found.count in EACH_TIME and not found.of]
MEETINGS = [name for name, found in INDICATORS.items() if found.count in {"reviews", "conferences"}]
WORDS = sorted([*TEMPLATES.glob("*.toml"), *(PROJECT / "demo/data/reports").glob("*.toml")])
MISLEADING = re.compile(rf"\{{(?:{'|'.join([*TIMES, *MEETINGS])})(?:\.before)?\}}\s+(?:different\s+)?children\b")


@pytest.mark.parametrize("file", WORDS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_no_sentence_calls_how_often_a_child_was_met_about_children(file: Path) -> None:
    assert MISLEADING.findall(file.read_text()) == []


@pytest.mark.parametrize("name", TIMES)
def test_an_indicator_of_times_says_so(name: str) -> None:
    found = INDICATORS[name]
    assert found.title.startswith("Children's ") and found.meaning.startswith("How many times ")


@pytest.mark.parametrize("kind", ReportKind)
def test_a_chart_of_meetings_does_not_ask_how_many_children(kind: ReportKind) -> None:
    charts = [chart for section in template_of(kind, None).walk() for table in section.tables for chart in table.charts]
    asking = [chart.title for chart in charts if {*TIMES, *MEETINGS}.intersection(chart.series)]
    assert [title for title in asking if "How many children" in title] == []


def test_caseloads_are_compared_for_full_time_posts_and_say_that_conferences_come_on_top() -> None:
    charts = [
        chart
        for section in template_of(ReportKind.ANNUAL, None).walk()
        for table in section.tables
        for chart in table.charts
    ]
    banded = [chart for chart in charts if chart.band]
    assert [chart.series for chart in banded] == [("caseload_for_full_time",)]
    assert all("onferences" in chart.title and "on top" in chart.alternative for chart in banded)
    for name in ("caseload", "caseload_for_full_time"):
        assert "on top" in INDICATORS[name].meaning and "on top" in INDICATORS[name].note
