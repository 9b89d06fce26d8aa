"""Rows as the CSV files that a spreadsheet saves."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def csv_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """Rows as a CSV file with these columns, and every other that one of them has."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys([*columns, *(name for row in rows for name in row)])), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
