"""A paper as data; one template shows any of them as a page, another one as PDF."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Response

from chassis.base.council import Council
from chassis.base.fields import day_in_words, weekday_in_words
from chassis.web.pages import DOCUMENT_HEADERS
from chassis.web.pdf import pdf
from chassis.web.templating import environment

TEMPLATES = Path(__file__).parent / "templates"
MARKING = "OFFICIAL-SENSITIVE"
NOT_YET, ELSEWHERE = "Not written yet.", "Kept in the earlier system."
HTML, PDF = "text/html; charset=utf-8", "application/pdf"
AS_HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
AS_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
_pages = environment(TEMPLATES)
_paper = (TEMPLATES / "paper.typ").read_bytes()


@dataclass(frozen=True)
class Table:
    """A table; the first column is the widest."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Part:
    """Words, points or a table, perhaps below a heading of their own."""

    heading: str = ""
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    table: Table | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything below its heading."""
        return bool(self.paragraphs or self.points or (self.table and self.table.rows))


@dataclass(frozen=True)
class Section:
    """What stands below a main heading; what we are worried about is a risk, and cannot be overlooked."""

    heading: str
    parts: Sequence[Part]
    is_risk: bool = False


@dataclass(frozen=True)
class Paper:
    """What a paper says, in the order in which it says it. Its facts are a word and what is so."""

    council: Council
    reference: str
    title: str
    status: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    template: str

    def as_html(self) -> str:
        """The paper as a page that can be printed."""
        return _pages.get_template("paper.html").render(self._whole())

    def as_pdf(self) -> bytes:
        """The paper as PDF. It takes a moment of the processor: call it in a thread."""
        return pdf(_paper, self._whole())

    def _whole(self) -> dict[str, Any]:
        return asdict(self) | {"marking": MARKING, "contact": self.council.contact}


def otherwise(*, complete: bool, written: Any) -> str:
    """What a section says that says nothing: it is to be written, or all that was written is elsewhere."""
    if not complete:
        return NOT_YET
    return "" if written else ELSEWHERE


def section(heading: str, parts: Iterable[Part], *, otherwise: str = "", is_risk: bool = False) -> list[Section]:
    """A section of the parts that say something. If none does, it says `otherwise`, or is left out without that."""
    said = [part for part in parts if part.says_something]
    if not said and otherwise:
        said = [Part(paragraphs=[otherwise])]
    return [Section(heading, said, is_risk)] if said else []


def page_of(paper: Paper) -> Response:
    """A paper as a page."""
    return Response(paper.as_html(), media_type=HTML, headers=DOCUMENT_HEADERS)


async def pdf_of(paper: Paper) -> Response:
    """A paper as PDF, under the name of what it is about."""
    content = await asyncio.to_thread(paper.as_pdf)
    named = {"Content-Disposition": f'inline; filename="{paper.reference}-{paper.template}.pdf"'}
    return Response(content, media_type=PDF, headers=DOCUMENT_HEADERS | named)


def day(text: str | None, *, weekday: bool = False) -> str:
    """A day in words, such as 3 June 2019, perhaps with its weekday; empty if there is none."""
    if text is None:
        return ""
    found = date.fromisoformat(text)
    return weekday_in_words(found) if weekday else day_in_words(found)


def lines(text: str | None) -> list[str]:
    """What somebody typed, paragraph by paragraph."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
