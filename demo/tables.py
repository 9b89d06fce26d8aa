"""The tables of the demo: CSV files in `data/`."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

# The day on which the records are as they are.
AS_OF = date(2020, 4, 3)
Row = dict[str, str]
DATA = Path(__file__).parent / "data"
# The tables that a real service published, which the records follow.
FIGURES = Path(__file__).parent / "figures"


def read(name: str) -> list[Row]:
    """The rows of a table such as `protection/enquiries`."""
    with (DATA / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def read_by(name: str, column: str) -> dict[str, Row]:
    """The rows of a table by the value that each has alone in a column."""
    return {row[column]: row for row in read(name)}


def body_of(row: Row, *without: str) -> dict[str, Any]:
    """What a row says, but for some columns, as the body of a request: what is empty is left out."""
    yes_or_no = {"true": True, "false": False}
    return {name: yes_or_no.get(value, value) for name, value in row.items() if value and name not in without}
