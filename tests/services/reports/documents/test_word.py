"""The document for Word has what Word's own documents have."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from services.reports.documents.forms import Form, render
from tests.support.reports.documents import hostile, report

MADE = render(report(), Form.DOCX)
READ = docx.Document(io.BytesIO(MADE))


def styled(name: str) -> list[str]:
    return [
        paragraph.text for paragraph in READ.paragraphs if paragraph.style is not None and paragraph.style.name == name
    ]


def test_headings_lists_and_quotations_are_real() -> None:
    assert styled("Title") == ["Annual report of the Independent Chairs"]
    assert styled("Heading 1") == ["Purpose", "Reviews", "Escalations", "What the numbers mean"]
    assert styled("Heading 2") == ["What changed", "Timeliness"]
    assert styled("List Number 2") == ["managers agree decisions within five working days;", "disputes are settled."]
    assert styled("Quote") == ["My chair remembers what I said last time."]
    assert [link.address for paragraph in READ.paragraphs for link in paragraph.hyperlinks if link.address] == [
        "https://www.gov.uk/handbook"
    ]


def test_every_table_and_figure_has_a_numbered_caption() -> None:
    captions = [
        paragraph for paragraph in READ.paragraphs if paragraph.style is not None and paragraph.style.name == "Caption"
    ]
    fields = [field.get(qn("w:instr")) for caption in captions for field in caption._p.iter(qn("w:fldSimple"))]
    assert sorted(fields) == [r"SEQ Figure \* ARABIC"] * 5 + [r"SEQ Table \* ARABIC"] * 2


def test_headings_of_tables_are_marked_and_repeated() -> None:
    for table in READ.tables:
        assert table.rows[0]._tr.trPr is not None
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_pictures_have_alternative_texts() -> None:
    described = [drawing.get("descr") for drawing in READ.element.body.iter(qn("wp:docPr"))]
    assert described == [chart.alternative for chart in report().charts()]


def test_contents_lead_to_every_heading() -> None:
    links = {link.get(qn("w:anchor")) for link in READ.element.body.iter(qn("w:hyperlink"))} - {None}
    assert links == {mark.get(qn("w:name")) for mark in READ.element.body.iter(qn("w:bookmarkStart"))}
    fields = [field.text for field in READ.element.body.iter(qn("w:instrText"))]
    assert fields == [r'TOC \o "1-2" \h \z \u']


def test_it_says_what_it_is() -> None:
    properties = READ.core_properties
    assert (properties.title, properties.author, properties.category, properties.language) == (
        "Annual report of the Independent Chairs",
        "Exampleshire County Council",
        "OFFICIAL",
        "en-GB",
    )
    foot = READ.sections[0].footer._element
    assert [field.get(qn("w:instr")) for field in foot.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert READ.sections[0].header.paragraphs[0].text == "Exampleshire County Council\tOFFICIAL"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed.")
@pytest.mark.parametrize("document", [report(), hostile()], ids=["report", "hostile"])
def test_it_survives_libre_office(document: object, tmp_path: Path) -> None:
    made = render(document, Form.DOCX)  # type: ignore[arg-type]
    (tmp_path / "report.docx").write_bytes(made)
    command = ["soffice", "--headless", "--convert-to", "docx", "--outdir", "saved", "report.docx"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, check=True, timeout=300)
    saved = docx.Document(str(tmp_path / "saved" / "report.docx"))
    for before, after in zip(docx.Document(io.BytesIO(made)).tables, saved.tables, strict=True):
        assert [[cell.text for cell in row.cells] for row in after.rows] == [
            [cell.text for cell in row.cells] for row in before.rows
        ]
