"""Every table of a document as CSV, in one ZIP file. What a spreadsheet would run as a formula is text."""

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date

from chassis.base.cells import cell
from chassis.web.spreadsheets import BYTE_ORDER_MARK
from services.reports.documents.content import words
from services.reports.documents.model import Cell, Document, Suppressed, Unit


def comma_separated(document: Document) -> bytes:
    """A ZIP file with a CSV file for each table, numbered as in the document, and one of definitions."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as files:
        for number, table in enumerate(document.tables(), 1):
            units = [column.unit for column in table.columns]
            rows = [[_value(value, unit) for value, unit in zip(row, units, strict=True)] for row in table.all_rows()]
            headings = [column.heading for column in table.columns]
            files.writestr(_entry(document, f"{number:02}-{table.key}.csv"), _csv([headings, *rows]))
        if document.glossary:
            names = list(type(document.glossary[0]).model_fields)
            rows = [[getattr(definition, name) for name in names] for definition in document.glossary]
            files.writestr(_entry(document, "definitions.csv"), _csv([names, *rows]))
    return kept.getvalue()


def _entry(document: Document, name: str) -> zipfile.ZipInfo:
    day = document.figures_as_of
    entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _value(value: Cell, unit: Unit) -> str | int | float | None:
    """Days and months as the API writes them; a share is a number between 0 and 1."""
    if isinstance(value, date):
        return f"{value:%Y-%m}" if unit == Unit.MONTH else value.isoformat()
    return words(value, unit) if isinstance(value, Suppressed) else value


def _csv(rows: Iterable[Iterable[str | float | None]]) -> str:
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows([[cell(value) for value in row] for row in rows])
    return BYTE_ORDER_MARK + kept.getvalue()
