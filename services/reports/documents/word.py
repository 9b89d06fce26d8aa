"""A document for Word: what a council edits, with real headings, captions and contents.

Fields, bookmarks and alternative texts are said in the XML of Office Open XML, since python-docx has no words for them.
"""

import io
from copy import deepcopy
from datetime import UTC, datetime, time
from itertools import count
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from services.reports.documents.charts import png
from services.reports.documents.content import TEXT_WIDTH, ChartWords, Content, SectionWords, TableWords, content
from services.reports.documents.model import Document
from services.reports.documents.word_prose import add_prose

INK = RGBColor(0x1B, 0x3A, 0x4B)
# Office Open XML has no longer ones.
LONGEST_PROPERTY = 255
# What a table shows of its style.
FIRST_ROW, LAST_ROW, NO_BANDS = 0x20, 0x40, 0x600
DEEPEST_IN_CONTENTS = 3


def word(document: Document) -> bytes:
    """The document as DOCX."""
    said, tables = content(document), {table.key: table for table in document.tables()}
    pictures = {chart.key: png(chart, tables[chart.table]) for chart in document.charts()}
    made = docx.Document()
    _set_style(made)
    _set_properties(made, document)
    _add_edges(made, said, document.period)
    _add_front(made, said)
    bookmarks = count(1)
    for section in said.sections:
        _add_heading(made, section.heading, section.level, next(bookmarks))
        _add_blocks(made, section, pictures)
    if said.glossary:
        _add_heading(made, said.glossary_heading, 2, next(bookmarks))
        for definition in said.glossary:
            name, meaning = made.add_paragraph(), made.add_paragraph(definition.meaning)
            name.add_run(definition.name).bold = True
            name.paragraph_format.keep_with_next = meaning.paragraph_format.keep_with_next = True
            for fact, words in definition.facts:
                made.add_paragraph(f"{fact}: {words}", "List Bullet")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_style(made: WordDocument) -> None:
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Arial", Pt(11)
    for style in made.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name.startswith(("Heading", "Title", "Subtitle", "Caption")):
            style.font.name, style.font.color.rgb = "Arial", INK
            # The theme's letters would stand before the style's own.
            for theme in ("asciiTheme", "hAnsiTheme"):
                style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    for level in range(1, DEEPEST_IN_CONTENTS):
        style = made.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.paragraph_format.left_indent = made.styles["Normal"], Cm(0.75 * (level - 1))
        style.paragraph_format.space_after = Pt(4)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)


def _set_properties(made: WordDocument, document: Document) -> None:
    properties, day = made.core_properties, datetime.combine(document.figures_as_of, time(), UTC)
    for name, words in {
        "title": document.title,
        "subject": document.subtitle,
        "author": document.council,
        "last_modified_by": document.council,
        "category": document.marking,
        "comments": document.state_words,
        "language": "en-GB",
    }.items():
        setattr(properties, name, words[:LONGEST_PROPERTY])
    properties.created = properties.modified = day


def _add_edges(made: WordDocument, said: Content, period: str) -> None:
    """The head and foot of every page."""
    for name in ("Header", "Footer"):
        stops = made.styles[name].paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        made.styles[name].font.size = Pt(9)
    made.sections[0].header.paragraphs[0].text = f"{said.council}\t{said.marking}"
    foot = made.sections[0].footer.paragraphs[0]
    foot.text = f"{said.title}, {period}\t"
    _add_field(foot, "PAGE", "1")
    foot.add_run(" of ")
    _add_field(foot, "NUMPAGES", "1")


def _add_front(made: WordDocument, said: Content) -> None:
    made.add_paragraph(said.title, "Title")
    if said.subtitle:
        made.add_paragraph(said.subtitle, "Subtitle")
    for name, words in said.facts:
        paragraph = made.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(words)
    if said.identity_line:
        made.add_paragraph(said.identity_line)
    made.add_paragraph("Contents", "TOC Heading")
    _add_contents(made, said)
    made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_contents(made: WordDocument, said: Content) -> None:
    """A field that Word fills anew with the numbers of pages; until then it holds links to the headings."""
    headings = [(section.heading, section.level) for section in said.sections]
    if said.glossary:
        headings.append((said.glossary_heading, 2))
    first = last = made.add_paragraph(style="toc 1")
    _element(first).append(_run_of(_xml("w:fldChar", fldCharType="begin")))
    instruction = _xml("w:instrText", text=rf'TOC \o "1-{DEEPEST_IN_CONTENTS - 1}" \h \z \u')
    _element(first).append(_run_of(instruction))
    _element(first).append(_run_of(_xml("w:fldChar", fldCharType="separate")))
    for number, (heading, level) in enumerate(headings, 1):
        if level <= DEEPEST_IN_CONTENTS:
            last = first if number == 1 else made.add_paragraph()
            last.style = f"toc {level - 1}"
            _element(last).append(_xml("w:hyperlink", _run_of(_xml("w:t", text=heading)), anchor=_bookmark(number)))
    _element(last).append(_run_of(_xml("w:fldChar", fldCharType="end")))


def _bookmark(number: int) -> str:
    return f"_Toc{number:06}"


def _add_heading(made: WordDocument, heading: str, level: int, number: int) -> None:
    # To Word the title is no heading.
    element = _element(made.add_heading(heading, level - 1))
    element.append(_xml("w:bookmarkStart", id=str(number), name=_bookmark(number)))
    element.append(_xml("w:bookmarkEnd", id=str(number)))


def _add_blocks(made: WordDocument, section: SectionWords, pictures: dict[str, bytes]) -> None:
    for block in section.blocks:
        if isinstance(block, TableWords):
            _add_table(made, block)
        elif isinstance(block, ChartWords):
            _add_caption(made, "Figure", block.number, block.title)
            picture = made.add_paragraph().add_run()
            picture.add_picture(io.BytesIO(pictures[block.key]), Cm(TEXT_WIDTH))
            for drawing in _element(picture).iter(qn("wp:docPr")):
                drawing.set("descr", block.alternative)
            if not block.table_follows:
                made.add_paragraph(f"The numbers are in table {block.table_number}.")
        else:
            add_prose(made, block.nodes)


def _add_caption(made: WordDocument, label: str, number: int, words: str) -> None:
    caption = made.add_paragraph(f"{label} ", "Caption")
    _add_field(caption, rf"SEQ {label} \* ARABIC", str(number))
    caption.add_run(f". {words}")
    caption.paragraph_format.keep_with_next = True


def _add_table(made: WordDocument, said: TableWords) -> None:
    _add_caption(made, "Table", said.number, said.caption)
    table = made.add_table(rows=2, cols=len(said.headings), style="Light Shading")
    look = _element(table).tblPr.find(qn("w:tblLook"))
    look.attrib.clear()
    look.set(qn("w:val"), f"{FIRST_ROW | NO_BANDS | (LAST_ROW if said.has_total else 0):04X}")
    widths = [Cm(width) for width in said.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for heading, width, cell in zip(said.headings, widths, row.cells, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(heading.words).font.size = Pt(9 if len(said.headings) <= 8 else 7)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            if heading.is_number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _element(row).get_or_add_trPr().append(_xml("w:cantSplit"))
    _element(table.rows[0]).trPr.append(_xml("w:tblHeader"))
    _fill(table, said.rows)
    below = made.add_paragraph()
    below.paragraph_format.space_before = Pt(4)
    below.add_run("\n".join(said.notes)).font.size = Pt(9)


def _fill(table: WordTable, rows: list[list[str]]) -> None:
    """The rows below the headings, each a copy of the one that is there: to make each anew takes far longer."""
    pattern = _element(table.rows[1])
    for row in rows:
        copied = deepcopy(pattern)
        for place, cell in zip(copied.iter(qn("w:t")), row, strict=True):
            place.text = cell
            place.set(qn("xml:space"), "preserve")
        pattern.addprevious(copied)
    _element(table).remove(pattern)


def _add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """What Word works out itself, such as the number of a page; it is shown as this until then."""
    _element(paragraph).append(_xml("w:fldSimple", _run_of(_xml("w:t", text=shown)), instr=instruction))


def _run_of(child: Any) -> Any:
    return _xml("w:r", child)


def _xml(tag: str, *children: Any, text: str | None = None, **attributes: str) -> Any:
    made = OxmlElement(tag, {qn(f"w:{name}"): value for name, value in attributes.items()})
    made.extend(children)
    if text is not None:
        made.text = text
    return made


def _element(thing: Paragraph | Run | WordTable | Any) -> Any:
    return thing._element  # noqa: SLF001 -- The way that python-docx's own documentation takes.
