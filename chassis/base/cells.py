"""Values as the cells of a CSV file, and what such cells say: exports write by the rules by which imports read.

A spreadsheet runs a cell that begins like a formula; with an apostrophe before it, it shows the text.
Sources: OWASP, CSV injection; RFC 4180 for the form of the file, and of a list within a cell, but for its semicolons.
"""

import csv
import io
import json
from typing import Any

SEPARATOR = ";"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """A value of JSON as a cell: a list separated by semicolons, but a record, and a list with one in it, as JSON."""
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=SEPARATOR).writerow(map(_text, value))
        return _safe(text.getvalue().removesuffix("\r\n"))
    return _safe(value) if isinstance(value, str) else _text(value)


def text_in(written: str) -> str:
    """The text of a cell, without the apostrophe that an export put before it."""
    return written[1:] if written.startswith("'") and _is_like_a_formula(written) else written


def list_in(text: str) -> list[str]:
    """The values of a list, without blanks around them and without empty ones; `csv.Error` if it is quoted wrongly."""
    (values,) = csv.reader([text], delimiter=SEPARATOR, skipinitialspace=True, strict=True)
    return [stripped for value in values if (stripped := value.strip())]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _safe(text: str) -> str:
    return f"'{text}" if _is_like_a_formula(text) else text


def _is_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text, or would if apostrophes less stood before it."""
    return text.lstrip("'").startswith(FORMULAS)
