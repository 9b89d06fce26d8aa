"""A document is put into words so that people can read them: wide tables, what numbers mean, captions."""

import io
from typing import Any

from pypdf import PdfReader

from services.reports.documents.content import TEXT_WIDTH, TableWords, content
from services.reports.documents.forms import Form, render
from services.reports.documents.model import Block, Cell, Column, Prose, Section, Suppressed, Table, Unit
from services.reports.reports.filling import filled
from tests.support.reports.documents import report


def table(columns: int, rows: int, **said: Any) -> Table:
    given: dict[str, Any] = {
        "key": f"of-{columns}-{rows}",
        "caption": "Conferences",
        "columns": [
            Column(key="row", heading="Year", unit=Unit.TEXT),
            *(Column(key=f"c{at}", heading=f"Heading {at}") for at in range(1, columns)),
        ],
        "rows": [[f"Row {row}", *range(row, row + columns - 1)] for row in range(rows)],
    }
    return Table(**given | said)


def shown(*blocks: Block) -> list[TableWords]:
    said = content(report().model_copy(update={"sections": [Section(key="s", heading="S", blocks=list(blocks))]}))
    return [block for section in said.sections for block in section.blocks if isinstance(block, TableWords)]


def test_a_wide_and_low_table_is_shown_on_its_side() -> None:
    (words,) = shown(table(8, 2))
    assert [heading.words for heading in words.headings] == ["Year", "Row 0", "Row 1"]
    assert [heading.is_number for heading in words.headings] == [False, True, True]
    assert words.rows[:2] == [["Heading 1", "0", "1"], ["Heading 2", "1", "2"]] and len(words.rows) == 7


def test_other_tables_stand_as_they_are() -> None:
    for other in (table(6, 2), table(8, 4), table(8, 2, total_row=["Total", *range(7)])):
        assert [heading.words for heading in shown(other)[0].headings] == [each.heading for each in other.columns]


def test_the_meaning_of_a_number_is_named_where_no_heading_names_it() -> None:
    known = shown(table(3, 2, indicators=["Heading 1", "Heading 2"]))
    other = shown(table(3, 2, indicators=["Heading 1", "Timeliness"]))
    assert (known[0].notes, other[0].notes) == ([], ["What the numbers mean: Timeliness."])


def test_a_sentence_says_a_number_that_is_left_out_in_words() -> None:
    figures: dict[str, Cell] = {
        "reviews": Suppressed(fewer_than=None),
        "children_reviewed": Suppressed(),
        "review_timeliness": 1.0,
    }
    said = filled("{reviews} reviews of {children_reviewed} children, {review_timeliness} in time.", figures)
    assert said == "[number not shown] reviews of fewer than 5 children, 100% in time."


def test_a_caption_stands_on_the_page_of_its_table() -> None:
    sections = [
        Section(
            key=f"s{number}",
            heading="Reviews",
            blocks=[
                Prose(markdown="\n\n".join(["Words."] * (12 + number))),
                table(4, 20, key=f"t{number}", caption=f"Caption {number}!"),
            ],
        )
        for number in range(24)
    ]
    made = render(report().model_copy(update={"sections": sections}), Form.PDF)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    for number in range(24):
        (page,) = [page for page in pages if f"Caption {number}!" in page]
        assert "Heading 1" in page.partition(f"Caption {number}!")[2]


def test_columns_are_as_wide_as_their_words_need_it_and_fit_the_page() -> None:
    written = [Column(key=f"w{at}", heading=f"Words {at}", unit=Unit.TEXT) for at in range(3)]
    cells: list[Cell] = ["11 June 2019", "Few officers answer, and those who do answer late.", "many words " * 100]
    (words,) = shown(Table(key="of-words", caption="Audits", columns=written, rows=[cells]))
    day, short, long = words.widths
    assert day < short == long and sum(words.widths) <= TEXT_WIDTH + 0.02
    for columns in (2, 9, 30):
        assert sum(shown(table(columns, 9))[0].widths) <= TEXT_WIDTH + 0.3


def test_a_number_stands_near_what_it_is_of() -> None:
    (words,) = shown(table(2, 9))
    assert sum(words.widths) < TEXT_WIDTH / 2
