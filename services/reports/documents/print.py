"""A document as PDF: tagged by PDF/UA-1, with contents, page numbers, headings of tables repeated on each page."""

from dataclasses import asdict
from pathlib import Path

from chassis.web.pdf import pdf
from services.reports.documents.charts import svg
from services.reports.documents.content import content
from services.reports.documents.model import Document

_typst = (Path(__file__).parent / "templates" / "document.typ").read_bytes()


def paper(document: Document) -> bytes:
    """The document as PDF."""
    tables = {table.key: table for table in document.tables()}
    drawn = {chart.key: svg(chart, tables[chart.table], letters="path") for chart in document.charts()}
    return pdf(_typst, asdict(content(document)) | {"period": document.period, "drawn": drawn})
