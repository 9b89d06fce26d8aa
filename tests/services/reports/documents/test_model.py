"""The model of a document is kept as JSON, and refuses what no form could show."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.reports.documents.model import Cell, Chart, Column, Document, Section, Suppressed, Table, Unit


def table(**changes: Any) -> Table:
    given: dict[str, Any] = {
        "key": "reviews-by-month",
        "caption": "Reviews",
        "columns": [
            Column(key="month", heading="Month", unit=Unit.MONTH),
            Column(key="last", heading="Last held on", unit=Unit.DAY),
            Column(key="reviews", heading="Reviews"),
            Column(key="timely", heading="In time", unit=Unit.PERCENT),
            Column(key="remark", heading="Remark", unit=Unit.TEXT),
        ],
        "rows": [
            [date(2019, 4, 1), date(2019, 4, 30), 103, 0.917, "2019-04-30"],
            [date(2019, 5, 1), None, Suppressed(), Suppressed(fewer_than=None), None],
        ],
        "total_row": ["Total", None, 106, 1.0, None],
    }
    return Table(**given | changes)


def document(*blocks: Any, **changes: Any) -> Document:
    given: dict[str, Any] = {
        "title": "Annual report",
        "council": "Exampleshire County Council",
        "period": "April 2019 to March 2020",
        "state_words": "Draft",
        "figures_as_of": date(2020, 4, 14),
        "sections": [Section(key="reviews", heading="Reviews", blocks=list(blocks))],
    }
    return Document(**given | changes)


def chart(**changes: Any) -> Chart:
    given = {"key": "chart", "kind": "line", "title": "How many?", "alternative": "Some.", "table": "reviews-by-month"}
    return Chart.model_validate(given | {"x": "month", "series": ["reviews"]} | changes)


def test_what_is_read_back_from_json_is_equal() -> None:
    kept = document(table(), chart())
    read = Document.model_validate(json.loads(json.dumps(kept.model_dump(mode="json"))))
    assert read == kept
    cells = [(type(cell), cell) for row in read.tables()[0].all_rows() for cell in row]
    assert cells == [(type(cell), cell) for row in kept.tables()[0].all_rows() for cell in row]


@pytest.mark.parametrize(
    ("at", "cell"),
    [(2, 0.5), (2, True), (2, float("nan")), (3, float("inf")), (2, date(2019, 4, 1)), (4, 7), (0, 201904)],
)
def test_a_cell_is_what_its_column_says(at: int, cell: Cell) -> None:
    row = list(table().rows[0])
    row[at] = cell
    with pytest.raises(ValidationError):
        table(rows=[row])


def test_words_may_stand_for_any_cell() -> None:
    assert table(rows=[["April", "not recorded", "none", "all", "fine"]]).rows[0][0] == "April"


def test_a_row_is_as_long_as_the_headings() -> None:
    with pytest.raises(ValidationError, match="4 cells, not 5"):
        table(total_row=["Total", None, 106, 1.0])


@pytest.mark.parametrize("changes", [{"table": "other"}, {"x": "year"}, {"series": ["reviews", "year"]}])
def test_a_chart_has_no_numbers_but_those_of_a_table(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="has no columns"):
        document(table(), chart(**changes))


def test_nothing_has_the_key_of_another() -> None:
    with pytest.raises(ValidationError, match="not unique"):
        document(table(), table())
    with pytest.raises(ValidationError, match="not unique"):
        document(sections=[Section(key="one", heading="One"), Section(key="one", heading="Another")])
