"""What a document says, whatever its form: sections of prose, tables, and charts that are drawn from tables.

It holds no HTML and no markup other than the Markdown of prose, and can be kept as JSON: what is read back is equal.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, StrictInt, model_validator

FEWER_THAN = 5
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
# What no XML can hold, and so no Word file and no picture.
_NO_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Text = Annotated[str, AfterValidator(lambda text: _NO_TEXT.sub("", text))]
Line = Annotated[Text, Field(max_length=300)]
# A cell of a spreadsheet holds no more than 32,767 characters.
Long = Annotated[Text, Field(max_length=30_000)]


class Frozen(BaseModel):
    """A part of a document: once made it stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Unit(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    # A share: 0.917 is shown as 91.7%.
    PERCENT = "percent"
    # How many days.
    DAYS = "days"
    # A date.
    DAY = "day"
    # The first day of a month, shown as April 2019.
    MONTH = "month"
    # With at most two decimals.
    NUMBER = "number"


CALENDAR = {Unit.DAY, Unit.MONTH}
NUMBERS = {Unit.COUNT, Unit.PERCENT, Unit.DAYS, Unit.NUMBER}


class Suppressed(Frozen):
    """A number that is left out since it, or another that could be worked out from it, is small."""

    fewer_than: int | None = Field(
        default=FEWER_THAN, description="The threshold; null where the number is only left out to hide another."
    )


Cell = StrictInt | FiniteFloat | date | Long | Suppressed | None


class Column(Frozen):
    """A column of a table."""

    key: Key
    heading: Line
    unit: Unit = Unit.COUNT


class Table(Frozen):
    """A table. Words such as "not recorded" may stand in a column of any unit; numbers only where numbers belong."""

    block: Literal["table"] = "table"
    key: Key
    caption: Line
    columns: list[Column] = Field(min_length=1)
    rows: list[list[Cell]]
    total_row: list[Cell] | None = None
    note: Long = ""
    indicators: list[Line] = Field(default=[], description="The names of the definitions that it follows.")

    @model_validator(mode="before")
    @classmethod
    def _dates(cls, given: Any) -> Any:
        """Read days and months back from JSON, where they are text: the column says which text is one."""
        if not isinstance(given, dict) or "columns" not in given or "rows" not in given:
            return given
        units = [column.get("unit") if isinstance(column, dict) else column.unit for column in given["columns"]]
        return given | {"rows": [[_date(cell, units, at) for at, cell in enumerate(row)] for row in given["rows"]]}

    @model_validator(mode="after")
    def _is_whole(self) -> "Table":
        if repeated := _repeated(column.key for column in self.columns):
            raise ValueError(f"Columns of {self.key} have one key: {repeated}")
        for row in self.all_rows():
            if len(row) != len(self.columns):
                raise ValueError(f"A row of {self.key} has {len(row)} cells, not {len(self.columns)}")
            for column, cell in zip(self.columns, row, strict=True):
                _check(column, cell)
        return self

    def all_rows(self) -> list[list[Cell]]:
        """The rows, and the total as the last one."""
        return [*self.rows, *([self.total_row] if self.total_row is not None else [])]

    def at(self, column: str) -> int:
        """The place of a column, by its key."""
        return [each.key for each in self.columns].index(column)


def _date(cell: Any, units: list[Any], at: int) -> Any:
    if not isinstance(cell, str) or at >= len(units) or units[at] not in CALENDAR:
        return cell
    try:
        return date.fromisoformat(f"{cell}-01" if units[at] == Unit.MONTH and len(cell) == len("2019-04") else cell)
    except ValueError:
        return cell


def _check(column: Column, cell: Cell) -> None:
    if isinstance(cell, date):
        fits = column.unit in CALENDAR
    elif isinstance(cell, int | float):
        fits = column.unit in NUMBERS and (isinstance(cell, int) or column.unit != Unit.COUNT)
    else:
        fits = True
    if not fits:
        raise ValueError(f"{cell!r} is no {column.unit} of the column {column.key}")


class Band(Frozen):
    """What is expected of a number: caseloads are to be between 50 and 70."""

    low: float
    high: float
    name: Line


class ChartKind(StrEnum):
    """How a chart answers its question."""

    # Over time.
    LINE = "line"
    # Over time, adding up; a line ends where the sum begins anew.
    CUMULATIVE = "cumulative"
    # Side by side.
    BAR = "bar"
    # On top of each other, where they add up to something.
    STACKED = "stacked"
    # From left to right, for names too long to stand below a bar.
    ACROSS = "across"


class Chart(Frozen):
    """A chart. It has no numbers of its own: those of its table, without the total, are drawn."""

    block: Literal["chart"] = "chart"
    key: Key
    kind: ChartKind
    title: Line = Field(description="The question that it answers, or the answer.")
    alternative: Long = Field(min_length=1, description="What it shows, for those who cannot see it.")
    table: Key
    x: str = Field(description="The column that its bars or points are named by.")
    series: list[str] = Field(min_length=1, max_length=8, description="The columns that are drawn.")
    band: Band | None = None


class Prose(Frozen):
    """Words, as Markdown, with every number filled in. HTML within it is shown as text."""

    block: Literal["prose"] = "prose"
    markdown: Text


Block = Annotated[Prose | Table | Chart, Field(discriminator="block")]


class Section(Frozen):
    """A section, and the sections below it."""

    key: Key
    heading: Line
    blocks: list[Block] = []
    sections: list["Section"] = []


class Definition(Frozen):
    """What an indicator means."""

    name: Line
    meaning: Long
    unit: Line
    numerator: Long = ""
    denominator: Long = ""
    small_numbers: Long = ""
    source: Long = ""


class Document(Frozen):
    """A document. The keys of its sections, tables and charts are each unique."""

    title: Line
    subtitle: Line = ""
    council: Line
    identity_line: Line = Field(default="", description="Who answers for it, such as the service and the council.")
    period: Line
    state_words: Line = Field(description="Such as: Draft, with the reviewer since 3 June 2020.")
    marking: Line = Field(default="", description="Such as OFFICIAL; on every page.")
    figures_as_of: date
    sections: list[Section]
    glossary: list[Definition] = []

    @model_validator(mode="after")
    def _is_whole(self) -> "Document":
        sections = Counter(section.key for section, _ in self.walk())
        tables = {table.key: table for table in self.tables()}
        blocks = [block for section, _ in self.walk() for block in section.blocks if not isinstance(block, Prose)]
        if repeated := [*_repeated(sections.elements()), *_repeated(block.key for block in blocks)]:
            raise ValueError(f"Keys that are not unique: {repeated}")
        for chart in self.charts():
            table = tables.get(chart.table)
            known = {column.key for column in table.columns} if table else set()
            if missing := {chart.x, *chart.series} - known:
                raise ValueError(f"The chart {chart.key} has no columns {sorted(missing)} in {chart.table}")
        return self

    def walk(self) -> Iterator[tuple[Section, int]]:
        """Every section in the order of reading, with its depth: 1 for those of the document itself."""
        yield from _walk(self.sections, 1)

    def tables(self) -> list[Table]:
        """Every table in the order of reading."""
        return [block for section, _ in self.walk() for block in section.blocks if isinstance(block, Table)]

    def charts(self) -> list[Chart]:
        """Every chart in the order of reading."""
        return [block for section, _ in self.walk() for block in section.blocks if isinstance(block, Chart)]


def _walk(sections: list[Section], depth: int) -> Iterator[tuple[Section, int]]:
    for section in sections:
        yield section, depth
        yield from _walk(section.sections, depth + 1)


def _repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if times > 1]
