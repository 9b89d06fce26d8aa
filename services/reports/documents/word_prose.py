"""Prose in a document for Word: lists are lists, links are links."""

from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from services.reports.documents.prose import Node

LISTS = {"bullet_list": "List Bullet", "ordered_list": "List Number"}
DEEPEST_LIST = 3


def add_prose(made: WordDocument, nodes: list[Node], style: str = "Normal") -> None:
    """Add prose at the end of a document."""
    for node in nodes:
        if node.kind in LISTS:
            _add_list(made, node, 1)
        elif node.kind == "heading":
            _add_words(made, made.add_heading(level=node.level - 1), node.children)
        elif node.kind == "blockquote":
            add_prose(made, node.children, "Quote")
        else:
            _add_words(made, made.add_paragraph(style=style), node.children)


def _add_list(made: WordDocument, node: Node, depth: int) -> None:
    below = f" {min(depth, DEEPEST_LIST)}" if depth > 1 else ""
    style = LISTS[node.kind] + below
    numbering = _numbering(made, style, node.first) if node.kind == "ordered_list" else None
    for item in node.children:
        first = True
        for part in item.children:
            if part.kind in LISTS:
                _add_list(made, part, depth + 1)
            elif part.kind == "paragraph":
                paragraph = made.add_paragraph(style=style if first else f"List Continue{below}")
                if first and numbering is not None:
                    _element(paragraph).get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
                _add_words(made, paragraph, part.children)
            else:
                add_prose(made, [part])
            first = False


def _numbering(made: WordDocument, style: str, first: int) -> int:
    """A numbering of its own for each list: the style's would go on where the last one ended."""
    numbering = made.part.numbering_part.element
    used = made.styles[style].element.pPr.numPr.numId.val
    number = numbering.add_num(numbering.num_having_numId(used).abstractNumId.val)
    number.add_lvlOverride(0).add_startOverride(first)
    return int(number.numId)


def _add_words(
    made: WordDocument, paragraph: Paragraph, nodes: list[Node], *, bold: bool = False, italic: bool = False
) -> None:
    for node in nodes:
        if node.kind == "text":
            run = paragraph.add_run(node.text)
            run.bold, run.italic = bold or None, italic or None
        elif node.kind == "break":
            paragraph.add_run().add_break()
        elif node.kind == "link":
            _add_link(made, paragraph, node)
        else:
            _add_words(
                made, paragraph, node.children, bold=bold or node.kind == "strong", italic=italic or node.kind == "em"
            )


def _add_link(made: WordDocument, paragraph: Paragraph, node: Node) -> None:
    before = len(_element(paragraph))
    _add_words(made, paragraph, node.children)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), made.part.relate_to(node.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    runs = list(_element(paragraph))[before:]
    link.extend(runs)
    _element(paragraph).append(link)
    for run in runs:
        properties = run.get_or_add_rPr()
        properties.append(OxmlElement("w:color", {qn("w:val"): "0B5394"}))
        properties.append(OxmlElement("w:u", {qn("w:val"): "single"}))


def _element(thing: Paragraph) -> Any:
    return thing._element  # noqa: SLF001 -- The way that python-docx's own documentation takes.
