"""PDF by Typst, tagged so that it can be read aloud; what is said in it comes as data, and is never read as markup."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import typst

STANDARD: Literal["ua-1"] = "ua-1"
# Typst keeps what it worked out of a document, up to 30 MB, until so many others were made.
KEPT = 10


def pdf(template: bytes, data: Mapping[str, Any]) -> bytes:
    """A template filled with data, as PDF/UA-1. It takes a moment of the processor: call it in a thread.

    The standard allows no letter that no font can show. Where somebody wrote one, the document is tagged all the same
    but does not claim to follow the standard: a document that cannot be printed helps nobody.
    """
    given = {"data": json.dumps(data)}
    try:
        return _compiled(template, given, STANDARD)
    except typst.TypstError:
        return _compiled(template, given, None)
    finally:
        # Nobody's words stay in memory, and it does not grow with each document.
        for _ in range(KEPT):
            _compiled(b"", {}, None)


def _compiled(template: bytes, given: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    return bytes(typst.compile(template, format="pdf", font_paths=_fonts(), sys_inputs=given, pdf_standards=standard))


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with Typst, and for letters that they lack those of the machine; looked for once."""
    return typst.Fonts()
