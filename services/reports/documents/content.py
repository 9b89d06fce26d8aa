"""A document put into words: everything that HTML, PDF and DOCX show, numbered and in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.base.fields import day_in_words
from services.reports.documents.model import (
    NUMBERS,
    Cell,
    Chart,
    Definition,
    Document,
    Section,
    Suppressed,
    Table,
    Unit,
)
from services.reports.documents.prose import DEEPEST_HEADING, Node, parse

NOTHING = "–"  # noqa: RUF001 -- The dash of tables.
LEFT_OUT = "[c]"
WHY_LEFT_OUT = f"{LEFT_OUT}: left out, so that small numbers about people cannot be worked out."
GLOSSARY = "What the numbers mean"
# A table that is wide and low is shown on its side, so that its numbers keep a size that can be read.
WIDE, LOW = 7, 3
# In centimetres: a page's text, and what a letter and the space around it take.
TEXT_WIDTH, LETTER, AROUND = 17.0, 0.15, 0.4
# How many letters of a column of words stand in a line.
LEAST_OF_WORDS, MOST_OF_WORDS = 15, 50
# A table of few columns is not stretched further than this: its rows could not be followed.
MOST_STRETCHED = 1.6


@dataclass(frozen=True)
class Heading:
    """The heading of a column."""

    words: str
    is_number: bool


@dataclass(frozen=True)
class ProseWords:
    """Words."""

    nodes: list[Node]
    kind: str = "prose"


@dataclass(frozen=True)
class TableWords:
    """A table, the widths of its columns in centimetres, and the numbers of the figures directly before it."""

    key: str
    number: int
    caption: str
    headings: list[Heading]
    widths: list[float]
    rows: list[list[str]]
    has_total: bool
    notes: list[str]
    figures: list[int]
    kind: str = "table"


@dataclass(frozen=True)
class ChartWords:
    """A chart, and the number of the table that it is drawn from."""

    key: str
    number: int
    title: str
    alternative: str
    table: str
    table_number: int
    table_follows: bool
    kind: str = "chart"


@dataclass(frozen=True)
class SectionWords:
    """A section; `level` is that of its heading, where 1 is the title."""

    key: str
    heading: str
    level: int
    blocks: list[ProseWords | TableWords | ChartWords]


@dataclass(frozen=True)
class DefinitionWords:
    """What an indicator means, and facts about it with their names."""

    name: str
    meaning: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Content:
    """A document in words."""

    title: str
    subtitle: str
    council: str
    identity_line: str
    marking: str
    facts: list[tuple[str, str]]
    sections: list[SectionWords]
    glossary: list[DefinitionWords]
    glossary_heading: str = GLOSSARY


def content(document: Document) -> Content:
    """What a document says."""
    return Content(
        document.title,
        document.subtitle,
        document.council,
        document.identity_line,
        document.marking,
        facts(document),
        list(_sections(document)),
        [DefinitionWords(each.name, each.meaning, definition_facts(each)) for each in document.glossary],
    )


def facts(document: Document) -> list[tuple[str, str]]:
    """What is said of the document itself, each with its name."""
    return [
        ("Period", document.period),
        ("Figures as of", day_in_words(document.figures_as_of)),
        ("Status", document.state_words),
    ]


def definition_facts(definition: Definition) -> list[tuple[str, str]]:
    """What is said of an indicator besides its meaning, each with its name."""
    known = [
        ("Unit", definition.unit),
        ("Counted", definition.numerator),
        ("Out of", definition.denominator),
        ("Small numbers", definition.small_numbers),
        ("Source", definition.source),
    ]
    return [(name, words) for name, words in known if words]


def words(cell: Cell, unit: Unit) -> str:
    """A cell as people read it."""
    if cell is None:
        return NOTHING
    if isinstance(cell, Suppressed):
        return LEFT_OUT if cell.fewer_than is None else f"fewer than {cell.fewer_than}"
    if isinstance(cell, date):
        return f"{cell:%B %Y}" if unit == Unit.MONTH else day_in_words(cell)
    if isinstance(cell, str):
        return cell
    if unit == Unit.PERCENT:
        return f"{100 * cell:,.1f}%"
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.2f}".rstrip("0").rstrip(".")


def notes(table: Table) -> list[str]:
    """What stands below a table."""
    hidden = any(isinstance(cell, Suppressed) and cell.fewer_than is None for row in table.all_rows() for cell in row)
    headings = {column.heading for column in table.columns}
    unnamed = [indicator for indicator in table.indicators if indicator not in headings]
    defined = f"{GLOSSARY}: {', '.join(unnamed)}." if unnamed else ""
    return [note for note in (table.note, WHY_LEFT_OUT if hidden else "", defined) if note]


@dataclass(frozen=True)
class _Numbers:
    """The numbers of tables and figures, by key."""

    tables: dict[str, int]
    charts: dict[str, int]


def _sections(document: Document) -> Iterator[SectionWords]:
    numbers = _Numbers(
        {table.key: number for number, table in enumerate(document.tables(), 1)},
        {chart.key: number for number, chart in enumerate(document.charts(), 1)},
    )
    for section, depth in document.walk():
        level = min(depth + 1, DEEPEST_HEADING)
        yield SectionWords(section.key, section.heading, level, list(_blocks(section, level, numbers)))


def _blocks(section: Section, level: int, numbers: _Numbers) -> Iterator[ProseWords | TableWords | ChartWords]:
    behind = _behind(section)
    for block in section.blocks:
        if isinstance(block, Table):
            yield _table(block, numbers.tables[block.key], [numbers.charts[key] for key in behind[block.key]])
        elif isinstance(block, Chart):
            yield ChartWords(
                block.key,
                numbers.charts[block.key],
                block.title,
                block.alternative,
                block.table,
                numbers.tables[block.table],
                block.key in behind.get(block.table, ()),
            )
        else:
            yield ProseWords(parse(block.markdown, level))


def _behind(section: Section) -> dict[str, list[str]]:
    """The charts, by table, that stand directly before it."""
    found: dict[str, list[str]] = {}
    charts: list[Chart] = []
    for block in section.blocks:
        if isinstance(block, Chart):
            charts.append(block)
            continue
        if isinstance(block, Table):
            found[block.key] = [chart.key for chart in charts if chart.table == block.key]
        charts = []
    return found


def _table(table: Table, number: int, figures: list[int]) -> TableWords:
    units = [column.unit for column in table.columns]
    headings = [Heading(column.heading, column.unit in NUMBERS) for column in table.columns]
    rows = [[words(cell, unit) for cell, unit in zip(row, units, strict=True)] for row in table.all_rows()]
    if _is_turned(table):
        sides = zip([heading.words for heading in headings], *rows, strict=True)
        first, *rows = [list(side) for side in sides]
        headings = [Heading(name, at > 0) for at, name in enumerate(first)]
    return TableWords(
        table.key,
        number,
        table.caption,
        headings,
        _widths(headings, rows),
        rows,
        table.total_row is not None,
        notes(table),
        figures,
    )


def _widths(headings: list[Heading], rows: list[list[str]]) -> list[float]:
    """How wide columns are: as their words need it, and no wider in sum than the page."""
    letters = [_letters(heading, cells) for heading, *cells in zip(headings, *rows, strict=True)]
    # Where there is too little room the longest words get less of it, until they have the least.
    for most in range(MOST_OF_WORDS, LEAST_OF_WORDS - 1, -1):
        needed = [AROUND + LETTER * min(each, most) for each in letters]
        if sum(needed) <= TEXT_WIDTH:
            break
    stretched = min(TEXT_WIDTH / sum(needed), MOST_STRETCHED)
    return [round(width * stretched, 2) for width in needed]


def _letters(heading: Heading, cells: Sequence[str]) -> int:
    """How many letters of a column stand in a line; the headings of numbers take two."""
    # A heading is bold.
    longest = max([*(len(word) + 2 for word in heading.words.split()), *map(len, cells)], default=0)
    return max(longest, len(heading.words) // 2 + 3) if heading.is_number else max(longest, LEAST_OF_WORDS)


def _is_turned(table: Table) -> bool:
    numbers = all(column.unit in NUMBERS for column in table.columns[1:])
    return numbers and len(table.columns) >= WIDE and 0 < len(table.rows) <= LOW and table.total_row is None
