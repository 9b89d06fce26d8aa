"""What does not add up in tables that were published before stands in an appendix that the system makes."""

from collections import Counter
from pathlib import Path

import pytest

from demo.tables import FIGURES
from deploy.services import SERVICES
from services.reports.reports.slips import slips
from services.reports.reports.template import ReportTemplateWrong
from tests.support.reports.desk import Desk
from tests.support.running import Running

APPENDIX = "Appendix: slips of tables published before"
MONTHS = "month,reviews\n2014-01,82\n2014-02,64\n2015-01,70\n"
COMPARED = """
[[compared]]
caption = "Reviews"
months = { file = "months.csv", column = "reviews" }
sums = { file = "sums.csv", column = "reviews" }
"""


def published(folder: Path, sums: str, comparisons: str = COMPARED) -> Path:
    (folder / "months.csv").write_text(MONTHS)
    (folder / "sums.csv").write_text(f"row,reviews\n{sums}")
    (folder / "published.toml").write_text(comparisons)
    return folder


def test_the_slips_of_the_published_tables_are_found() -> None:
    table = slips(FIGURES)
    assert Counter(row[0] for row in table.rows) == {
        "Review meetings, cumulative in each calendar year": 35,
        "Conferences, cumulative in each calendar year": 16,
        "Escalations about conferences by organisation": 2,
    }
    assert table.rows[-1][1:] == ["2019-20", 325, 323, 2]


def test_a_slip_of_a_cumulative_count_is_listed_once(tmp_path: Path) -> None:
    comparisons = COMPARED + 'restart = "calendar_year"\n'
    assert slips(published(tmp_path, "2014-01,82\n2014-02,146\n2015-01,70\n", comparisons)).rows == []
    table = slips(published(tmp_path, "2014-01,83\n2014-02,147\n2015-01,70\n", comparisons))
    assert table.rows == [["Reviews", "January 2014", 83, 82, 1]]


def test_what_lacks_a_month_is_not_compared(tmp_path: Path) -> None:
    assert slips(published(tmp_path, "2014-Q1,1\n")).rows == []


@pytest.mark.parametrize(
    ("sums", "comparisons"),
    [
        ("soon,1\n", COMPARED),
        ("2014-01,many\n", COMPARED),
        ("2014-01\n", COMPARED),
        ("", COMPARED.replace("sums.csv", "nothing.csv")),
        ("", COMPARED.replace("reviews", "cakes")),
        ("", "compared = []"),
        ("", "[["),
    ],
)
def test_tables_that_cannot_be_read_are_refused(tmp_path: Path, sums: str, comparisons: str) -> None:
    with pytest.raises(ReportTemplateWrong):
        slips(published(tmp_path, sums, comparisons))


async def test_the_annual_report_has_the_appendix_where_tables_were_brought(desk: Desk, running: Running) -> None:
    page = (await desk.document(await desk.drafted("annual", "2019-20"))).text
    assert APPENDIX in page and "53 numbers of the 6 tables that were compared." in page
    settings = desk.client.process.settings.model_dump(include={f"{name}_url" for name in SERVICES})
    without = Desk(await running("reports", **settings), desk.counting)
    assert APPENDIX not in (await without.document(await without.drafted("annual", "2019-20"))).text
