"""The forms in which a document comes, each made from the same model.

Each takes up to some seconds of the processor: they are made in a thread, one at a time, which bounds the memory that
they take. What makes one is loaded when it is first asked for, so that no process pays for libraries that it does not
use.
"""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from services.reports.documents.model import Document


class Form(StrEnum):
    """A form of a document."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Kind:
    """What a form's file is, and which function of which module makes it."""

    media_type: str
    suffix: str
    module: str
    function: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    Form.HTML: Kind("text/html; charset=utf-8", ".html", "page", "page"),
    Form.PDF: Kind("application/pdf", ".pdf", "print", "paper"),
    Form.DOCX: Kind(f"{_OFFICE}.wordprocessingml.document", ".docx", "word", "word"),
    Form.XLSX: Kind(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx", "workbook", "workbook"),
    Form.CSV: Kind("application/zip", ".zip", "comma_separated", "comma_separated"),
}

_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="documents")


async def rendered(document: Document, form: Form) -> bytes:
    """A document in one of its forms, made while others are served."""
    return await asyncio.get_running_loop().run_in_executor(_one_at_a_time, _rendered, document, form)


def _rendered(document: Document, form: Form) -> bytes:
    try:
        return render(document, form)
    finally:
        # Charts and Word documents refer to themselves, and would stay until much else is made.
        gc.collect()


def render(document: Document, form: Form) -> bytes:
    """A document in one of its forms."""
    kind = KINDS[form]
    return bytes(getattr(import_module(f"services.reports.documents.{kind.module}"), kind.function)(document))
