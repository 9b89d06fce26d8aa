"""The five forms of a document say the same: every cell of every table is in each of them."""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import docx
import lxml.html
import openpyxl
import pytest
from pypdf import PdfReader

from services.reports.documents.content import words
from services.reports.documents.forms import KINDS, Form, render
from services.reports.documents.model import Cell, Document, Suppressed, Table, Unit
from tests.support.reports.documents import hostile, report

REPORT = report()
BOTH = pytest.mark.parametrize("document", [REPORT, hostile()], ids=["report", "hostile"])


def said(table: Table) -> list[list[str]]:
    """A table as people read it."""
    units = [column.unit for column in table.columns]
    rows = [[words(cell, unit) for cell, unit in zip(row, units, strict=True)] for row in table.all_rows()]
    return [[column.heading for column in table.columns], *rows]


def squeezed(text: str) -> str:
    """A text without the spaces at which lines may break, or that break words longer than a line."""
    return re.sub("[\\s\u200b]", "", text)


@BOTH
def test_html_has_every_cell(document: Document) -> None:
    tables = lxml.html.fromstring(render(document, Form.HTML)).xpath("//table")
    found = [[[cell.text_content() for cell in row] for row in table.iter("tr")] for table in tables]
    assert found == [said(table) for table in document.tables()]


@BOTH
def test_word_has_every_cell(document: Document) -> None:
    tables = docx.Document(io.BytesIO(render(document, Form.DOCX))).tables
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    assert found == [said(table) for table in document.tables()]


def test_pdf_has_every_cell() -> None:
    read = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(render(REPORT, Form.PDF))).pages))
    for table in REPORT.tables():
        for row in said(table):
            assert squeezed("".join(row)) in read


@BOTH
def test_the_workbook_has_every_cell(document: Document) -> None:
    made = openpyxl.load_workbook(io.BytesIO(render(document, Form.XLSX)))
    sheets = made.worksheets[1:-1]
    for table, sheet in zip(document.tables(), sheets, strict=True):
        rows = list(sheet.iter_rows())
        top = len(rows) - len(table.all_rows())
        assert sheet.freeze_panes == f"B{top + 1}"
        for row, cells in zip(table.all_rows(), rows[top:], strict=True):
            for cell, column, kept in zip(row, table.columns, cells, strict=True):
                assert kept.data_type != "f"
                assert _of_workbook(kept.value) == _expected(cell, column.unit), (table.key, kept.coordinate)
                if isinstance(cell, float) and column.unit == Unit.PERCENT:
                    assert kept.number_format == "0.0%"


def _of_workbook(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def _expected(cell: Cell, unit: Unit) -> Any:
    return words(cell, unit) if isinstance(cell, Suppressed) else cell


@BOTH
def test_csv_has_every_cell(document: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(render(document, Form.CSV))) as files:
        read = [
            list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"), newline=""))) for name in files.namelist()
        ]
    for table, (headings, *rows) in zip(document.tables(), read[:-1], strict=True):
        assert [heading.removeprefix("'") for heading in headings] == [column.heading for column in table.columns]
        for row, cells in zip(table.all_rows(), rows, strict=True):
            for cell, column, kept in zip(row, table.columns, cells, strict=True):
                assert not kept.startswith(("=", "+", "-", "@"))
                assert kept.removeprefix("'") == _as_csv(cell, column.unit)
    assert read[-1][0][:2] == ["name", "meaning"]


def _as_csv(cell: Cell, unit: Unit) -> str:
    if isinstance(cell, date):
        return cell.isoformat()[: 7 if unit == Unit.MONTH else 10]
    return "" if cell is None else str(_expected(cell, unit))


@pytest.mark.parametrize("form", [Form.HTML, Form.CSV])
def test_a_document_comes_out_the_same_each_time(form: Form) -> None:
    assert render(REPORT, form) == render(REPORT, form)


@pytest.mark.parametrize("form", list(Form))
def test_a_document_without_anything_has_each_form(form: Form) -> None:
    empty = REPORT.model_copy(
        update={"sections": [], "glossary": [], "subtitle": "", "marking": "", "identity_line": ""}
    )
    assert render(empty, form)
    assert set(KINDS) == set(Form)
