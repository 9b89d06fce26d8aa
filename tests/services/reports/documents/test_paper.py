"""The PDF is tagged: whoever has it read aloud hears headings, tables and what the charts show."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from services.reports.documents.forms import Form, render
from services.reports.documents.model import Prose, Section
from tests.support.reports.documents import HOSTILE, hostile, months, report


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def elements(node: Any) -> Iterator[Any]:
    """Every element of the tree of a PDF's structure."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_it_is_tagged_and_follows_the_standard() -> None:
    made = render(report(), Form.PDF)
    root: Any = read(made).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    metadata = read(made).metadata
    assert metadata is not None
    assert metadata.title == "Annual report of the Independent Chairs"
    found = list(elements(root["/StructTreeRoot"]))
    counts = Counter(element.get("/S") for element in found)
    assert counts["/Table"] == 2
    assert counts["/TH"] >= 7 + 3
    assert counts["/H1"] == 1
    assert [element["/Alt"] for element in found if element.get("/S") == "/Figure"] == [
        chart.alternative for chart in report().charts()
    ]


def test_every_page_says_whose_it_is() -> None:
    pages = read(render(report(), Form.PDF)).pages
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert "Exampleshire County Council" in text
        assert "OFFICIAL" in text
        assert f"{number} of {len(pages)}" in text


def test_long_tables_repeat_their_headings() -> None:
    document = report()
    section = document.sections[0].model_copy(update={"blocks": [months(120)]})
    pages = read(render(document.model_copy(update={"sections": [section]}), Form.PDF)).pages
    assert sum("Dayslateonaverage" in "".join(page.extract_text().split()) for page in pages) >= 3


def test_a_table_of_two_years_by_month_stays_on_one_page_with_its_note() -> None:
    above = Prose(markdown="\n\n".join(["Words."] * 20))
    section = Section(key="s", heading="S", blocks=[above, months(24)])
    pages = read(render(report().model_copy(update={"sections": [section]}), Form.PDF)).pages
    (page,) = [text for page in pages if "December 2019" in (text := page.extract_text())]
    assert all(words in page for words in ("April 2019", "March 2021", "A review of several brothers"))


@pytest.mark.slow
def test_no_words_are_read_as_markup() -> None:
    made = read(render(hostile(), Form.PDF))
    text = made.pages[1].extract_text()
    for words in HOSTILE[:7]:
        assert "".join(words.split()) in "".join(text.split())
    addresses = [
        note.get_object()["/A"]["/URI"]
        for page in made.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]
    assert addresses == ["https://example.org/b.png"]
