"""What is answered as CSV, compared with what is answered as JSON."""

import csv
import io
import json
from typing import Any

import httpx

from chassis.base.cells import list_in, text_in

FORMULAS = tuple("=+-@\t\r")


def rows_of(answer: httpx.Response) -> tuple[list[str], list[dict[str, str]]]:
    """The names of the fields of a file, and its rows."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.content.startswith("\ufeff".encode())
    reader = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    rows = list(reader)
    return list(reader.fieldnames or ()), rows


def says(cell: str, value: Any) -> bool:
    """Whether a cell says what a value of JSON says, and begins no formula."""
    if isinstance(value, str):
        return cell == (f"'{value}" if value.startswith(FORMULAS) else value)
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        said = [item if isinstance(item, str) else json.dumps(item) for item in value]
        return not cell.startswith(FORMULAS) and list_in(text_in(cell)) == said
    return cell == "" if value is None else bool(json.loads(cell) == value)


def check_same(answer: httpx.Response, rows: list[dict[str, Any]]) -> None:
    """Fail unless a file has these rows, and nothing else."""
    names, found = rows_of(answer)
    assert len(found) == len(rows)
    for cells, row in zip(found, rows, strict=True):
        assert row.keys() <= set(names)
        assert all(says(cells[name], row.get(name)) for name in names), (cells, row)
