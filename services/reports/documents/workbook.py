"""A document as a workbook: its contents, one sheet for each table, and what the numbers mean.

Numbers are numbers, days are days, and what people wrote is text, whatever it begins with.
"""

import io
from datetime import UTC, date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from services.reports.documents.content import GLOSSARY, definition_facts, facts, notes, words
from services.reports.documents.model import NUMBERS, Cell, Document, Table, Unit

CONTENTS = "Contents"
TOTAL = "total "
A4 = 9
LONGEST_NAME = 31
# Excel refuses a longer heading of a table.
LONGEST_HEADING = 250
FORMATS: dict[Unit, dict[str, Any]] = {
    Unit.TEXT: {"text_wrap": True},
    Unit.COUNT: {"num_format": "#,##0", "align": "right"},
    Unit.PERCENT: {"num_format": "0.0%", "align": "right"},
    Unit.DAYS: {"align": "right"},
    Unit.DAY: {"num_format": "d mmmm yyyy", "align": "left"},
    Unit.MONTH: {"num_format": "mmmm yyyy", "align": "left"},
    Unit.NUMBER: {"align": "right"},
}
LETTERS: dict[str, Any] = {"font_name": "Arial", "font_size": 11, "valign": "top"}
Formats = dict[str, Format]


def workbook(document: Document) -> bytes:
    """The document as XLSX."""
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept, {"in_memory": True})
    day = datetime.combine(document.figures_as_of, time(), UTC)
    made.set_properties(
        {
            "title": document.title,
            "subject": document.subtitle,
            "author": document.council,
            "category": document.marking,
            "comments": document.state_words,
            "created": day,
        }
    )
    formats: Formats = {unit: made.add_format(LETTERS | look) for unit, look in FORMATS.items()}
    formats |= {
        f"{TOTAL}{unit}": made.add_format(LETTERS | look | {"bold": True, "top": 1}) for unit, look in FORMATS.items()
    }
    formats |= {
        "title": made.add_format(LETTERS | {"bold": True, "font_size": 14}),
        "heading": made.add_format(LETTERS | {"bold": True, "text_wrap": True, "bottom": 1}),
        "heading of numbers": made.add_format(
            LETTERS | {"bold": True, "text_wrap": True, "bottom": 1, "align": "right"}
        ),
        "link": made.add_format(LETTERS | {"font_color": "#0B5394", "underline": 1}),
    }
    names = {table.key: f"{number} {table.key}"[:LONGEST_NAME] for number, table in enumerate(document.tables(), 1)}
    _add_contents(made, document, names, formats)
    for number, table in enumerate(document.tables(), 1):
        _add_table(made.add_worksheet(names[table.key]), table, number, formats)
    if document.glossary:
        _add_glossary(made, document, formats)
    for sheet in made.worksheets():
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
    made.close()
    return kept.getvalue()


def _add_contents(made: Workbook, document: Document, names: dict[str, str], formats: Formats) -> None:
    sheet = made.add_worksheet(CONTENTS)
    sheet.set_column(0, 0, 30, formats[Unit.TEXT])
    sheet.set_column(1, 1, 90, formats[Unit.TEXT])
    sheet.write_string(0, 0, document.title, formats["title"])
    said = [("Council", document.council), *facts(document), ("Marking", document.marking)]
    for row, (name, text) in enumerate(said, 1):
        _write(sheet, row, [name, text], formats[Unit.TEXT])
    top = len(said) + 2
    _write(sheet, top, ["Sheet", "Table"], formats["heading"])
    sheets = [(names[table.key], table.caption) for table in document.tables()]
    sheets += [(GLOSSARY, "How each number is counted")] if document.glossary else []
    for row, (name, caption) in enumerate(sheets, top + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats["link"], name)
        sheet.write_string(row, 1, caption, formats[Unit.TEXT])


def _write(sheet: Worksheet, row: int, texts: list[str], look: Format) -> None:
    for at, text in enumerate(texts):
        sheet.write_string(row, at, text, look)


def _add_table(sheet: Worksheet, table: Table, number: int, formats: Formats) -> None:
    """Its caption and notes, and below them the table, whose headings stay in sight."""
    sheet.write_string(0, 0, f"Table {number}. {table.caption}", formats["title"])
    below = notes(table)
    for at, note in enumerate(below, 1):
        sheet.write_string(at, 0, note)
    top, rows = len(below) + 1, table.all_rows()
    numeric = [column.unit in NUMBERS for column in table.columns]
    sheet.add_table(
        top,
        0,
        top + max(1, len(rows)),
        len(table.columns) - 1,
        {
            "autofilter": False,
            "style": "Table Style Light 1",
            "banded_rows": False,
            "name": f"Table_{number}",
            "columns": [
                {"header": heading, "header_format": formats["heading of numbers" if is_number else "heading"]}
                for heading, is_number in zip(headings(table), numeric, strict=True)
            ],
        },
    )
    for down, row in enumerate(rows, top + 1):
        for across, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            is_total = table.total_row is not None and down == top + len(rows)
            _write_cell(sheet, down, across, cell, column.unit, formats[f"{TOTAL if is_total else ''}{column.unit}"])
    for across, column in enumerate(table.columns):
        sheet.set_column(across, across, 40 if column.unit == Unit.TEXT else 18)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)


def headings(table: Table) -> list[str]:
    """The headings of a table, of which no two may be the same in a workbook, and none empty."""
    found: list[str] = []
    for column in table.columns:
        heading = column.heading[:LONGEST_HEADING] or column.key
        if heading.casefold() in (known.casefold() for known in found):
            heading = f"{heading} ({column.key})"
        found.append(heading)
    return found


def _write_cell(sheet: Worksheet, row: int, at: int, cell: Cell, unit: Unit, look: Format) -> None:
    if isinstance(cell, int | float):
        sheet.write_number(row, at, cell, look)
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, datetime.combine(cell, time()), look)
    elif cell is not None:
        sheet.write_string(row, at, words(cell, unit), look)


def _add_glossary(made: Workbook, document: Document, formats: Formats) -> None:
    sheet = made.add_worksheet(GLOSSARY)
    said = [{"Name": each.name, "Meaning": each.meaning, **dict(definition_facts(each))} for each in document.glossary]
    known = list(dict.fromkeys(name for definition in said for name in definition))
    sheet.set_column(0, len(known) - 1, 40)
    _write(sheet, 0, known, formats["heading"])
    for row, definition in enumerate(said, 1):
        _write(sheet, row, [definition.get(name, "") for name in known], formats[Unit.TEXT])
    sheet.freeze_panes(1, 1)
