"""Prose in Markdown as a tree that every form can show: paragraphs, headings, lists, quotations, emphasis and links.

Whatever else Markdown or HTML could say is shown as it was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

LEFT_OUT = ["code", "fence", "hr", "html_block", "lheading", "reference", "backticks", "html_inline", "image"]
SCHEMES = ("https://", "http://", "mailto:")
DEEPEST_HEADING = 6


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 -- markdown-it asks by this name.
        return url.startswith(SCHEMES)


_markdown = _Markdown("commonmark", {"html": False}).disable(LEFT_OUT)


@dataclass(frozen=True)
class Node:
    """A part of prose: what it is, the text if it is text, and what is within it."""

    kind: str
    text: str = ""
    # Of a heading, where 1 is the document's title.
    level: int = 0
    # Of a link.
    address: str = ""
    # Of a numbered list.
    first: int = 1
    children: list["Node"] = field(default_factory=list)


def parse(markdown: str, level: int) -> list[Node]:
    """The parts of a text below a heading of a level; its own headings are below that, and skip none."""
    tree = SyntaxTreeNode(_markdown.parse(markdown))
    found: list[Node] = []
    last = level
    for child in tree.children:
        if child.type == "heading":
            last = min(level + int(child.tag[1:]), last + 1, DEEPEST_HEADING)
        found += _nodes(child, last)
    return found


def _nodes(node: SyntaxTreeNode, level: int) -> Iterator[Node]:
    children = [found for child in node.children for found in _nodes(child, level)]
    if node.type == "inline":
        yield from children
    elif node.type in {"softbreak", "hardbreak"}:
        yield Node("text", " ") if node.type == "softbreak" else Node("break")
    elif node.type == "heading":
        yield Node("heading", level=level, children=children)
    elif node.type == "link":
        yield Node("link", address=str(node.attrs["href"]), children=children)
    elif node.type == "ordered_list":
        yield Node("ordered_list", first=int(node.attrs.get("start", 1)), children=children)
    else:
        yield Node(node.type, node.content if node.type == "text" else "", children=children)
