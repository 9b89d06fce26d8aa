"""The one door to figures: tables of indicators, in which a number is the same wherever it is shown."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, Field

from chassis.base.fields import in_words
from chassis.figures.asking import FiguresIncomplete
from chassis.law.periods import parse
from chassis.papers.directory import Directory, Names
from chassis.process import Process
from chassis.web.service_clients import ServiceOutOfReach
from services.reports.documents.model import Cell as Shown
from services.reports.documents.model import Column, Suppressed, Table, Unit
from services.reports.indicators.asking import Answer, Ask, Question, answers_to, asked_over_http
from services.reports.indicators.cells import Cell, left_out
from services.reports.indicators.definitions import Indicator
from services.reports.indicators.rows import NOTHING, OTHER, Counts, Rows, Value, Values
from services.reports.indicators.wanted import Wanted

TOTAL = "Total"
# What those who count call whatever has no chair, no area and so on.
NONE = "none"
# More indicators than these are not all named above their table.
MOST_NAMED = 5
OF_WORDS = ("kind", "sequence", "theme", "reason", "agency_role", "role")
COLLEAGUES, AGENCIES, AREAS = ("chair", "owner"), ("agency",), ("area",)
# The names of these colleagues, of these agencies, and of these areas.
Naming = Callable[[Collection[str], Collection[str], Collection[str]], Awaitable[Names]]


class LeftOut(BaseModel):
    """A number that is left out of a table, and why."""

    table: str = Field(description="The key of the table.")
    row: str = Field(description="What the row is called.")
    column: str = Field(description="The column's heading.")
    why: Literal["small", "would_reveal"] = Field(
        description="It is small, or another that is left out could be worked out from it."
    )


@dataclass(frozen=True)
class Gathered:
    """Tables, what was left out of them, and the names that were asked for."""

    tables: list[Table]
    left_out: list[LeftOut]
    names: Names


@dataclass
class _Draft:
    """A table before small numbers are left out."""

    wanted: Wanted
    columns: list[tuple[Column, Values]] = field(default_factory=list)

    def keys(self) -> list[str | None]:
        return list(dict.fromkeys(key for _, values in self.columns for key in values))

    def named(self, by: Collection[str]) -> set[str]:
        return {key for key in self.keys() if key not in {None, OTHER, NONE}} if self.wanted.by in by else set()

    def labels(self, names: Names | None) -> dict[str | None, str]:
        """What its rows are called, in their order: periods by time; people, agencies and areas by their names."""
        words = {key: self._label(key, names) for key in self.keys()}
        is_sorted = self.wanted.has_periods() or self.wanted.by in (*COLLEAGUES, *AGENCIES, *AREAS)
        return dict(sorted(words.items(), key=lambda row: (row[0] is None, row[0] == OTHER, is_sorted and row[1])))

    def _label(self, key: str | None, names: Names | None) -> str:
        if key is None:
            return TOTAL
        if key == NONE:
            return f"No {self.wanted.by}"
        if self.wanted.by in OF_WORDS:
            return in_words(key.replace("_", "-"))
        if names is not None and self.wanted.by in COLLEAGUES:
            return names.colleague(key)
        if names is not None and self.wanted.by in AGENCIES:
            return names.agency(key)
        return names.area(key) if names is not None and self.wanted.by in AREAS else key


async def gather(
    process: Process, wanted: Sequence[Wanted], *, below: int | None, names_filters: bool = False
) -> Gathered:
    """Tables as they are now, in the order in which they are wanted.

    `below` is the threshold of small numbers, which are left out of all the tables together; None leaves nothing out.
    `names_filters` asks for the names of the chair and the area as well that tables are filtered by.
    `FiguresIncomplete` if a service that counts cannot be asked.
    """
    naming = Directory(process).names
    try:
        return await gathered(asked_over_http(process), wanted, below=below, naming=naming, names_filters=names_filters)
    except ServiceOutOfReach:
        raise FiguresIncomplete(headers={"Retry-After": "5"}) from None


async def gathered(
    ask: Ask,
    wanted: Sequence[Wanted],
    *,
    below: int | None,
    naming: Naming | None = None,
    names_filters: bool = False,
) -> Gathered:
    """The same, asked in some other way; without names, rows are called by their identifiers."""
    for table in wanted:
        table.check()
    asked = [*wanted, *filter(None, (table.run_up() for table in wanted))]
    answers = await answers_to([table.question(each) for table in asked for each in table.definitions()], ask)
    counts: Counts = {}
    drafts = [_draft(table, answers, counts) for table in wanted]
    hidden = left_out(counts, below) if below else set()
    names = await _names(drafts, naming, wanted if names_filters else ()) if naming else None
    explained: list[LeftOut] = []
    tables = [_table(draft, counts, hidden, below, names, explained) for draft in drafts]
    return Gathered(tables, explained, names or Names([]))


async def _names(drafts: Sequence[_Draft], naming: Naming, filtered: Sequence[Wanted]) -> Names:
    """The names of the people, agencies and areas that rows are about, and that these tables are filtered by."""
    colleagues, agencies, areas = (
        {key for draft in drafts for key in draft.named(by)} for by in (COLLEAGUES, AGENCIES, AREAS)
    )
    colleagues.update(table.chair_id for table in filtered if table.chair_id)
    areas.update(table.area_id for table in filtered if table.area_id)
    return await naming(colleagues, agencies, areas)


def _draft(wanted: Wanted, answers: Mapping[Question, Answer], counts: Counts) -> _Draft:
    rows, draft = Rows(wanted, answers, counts), _Draft(wanted)
    for indicator in wanted.definitions():
        values = rows.values(indicator)
        draft.columns.append((_column(indicator), values))
        if wanted.restart and wanted.has_periods() and indicator.adds_up:
            draft.columns.append((_column(indicator, "cumulative"), rows.cumulative(indicator, values, wanted.restart)))
        if wanted.compare:
            before = rows.before(indicator)
            draft.columns.append((_column(indicator, "before"), before))
            if not indicator.of:
                growth = {key: Value(values[key].cells, was.cells, is_growth=True) for key, was in before.items()}
                draft.columns.append((_column(indicator, "change", Unit.PERCENT), growth))
    return draft


def _column(indicator: Indicator, suffix: str = "", unit: Unit | None = None) -> Column:
    key = f"{indicator.name}.{suffix}" if suffix else indicator.name
    heading = f"{indicator.title}, {suffix}" if suffix else indicator.title
    return Column(key=key, heading=heading, unit=unit or indicator.unit)


def _table(
    draft: _Draft,
    counts: Counts,
    hidden: Collection[Cell],
    below: int | None,
    names: Names | None,
    explained: list[LeftOut],
) -> Table:
    wanted = draft.wanted
    rows: list[list[Shown]] = []
    labels = draft.labels(names)
    for key, label in labels.items():
        row: list[Shown] = [parse(key).first if key and wanted.by == "month" else label]
        for column, values in draft.columns:
            value = values.get(key, NOTHING)
            row.append(_shown(value, column, counts, hidden, below))
            if isinstance(row[-1], Suppressed):
                why: Literal["small", "would_reveal"] = "small" if row[-1].fewer_than else "would_reveal"
                explained.append(LeftOut(table=wanted.key, row=label, column=column.heading, why=why))
        rows.append(row)
    has_total = None in labels
    first = Column(
        key="row", heading=in_words(wanted.by.replace("_", "-")), unit=Unit.MONTH if wanted.by == "month" else Unit.TEXT
    )
    return Table(
        key=wanted.key,
        caption=wanted.caption or _caption(wanted),
        columns=[first, *(column for column, _ in draft.columns)],
        rows=rows[:-1] if has_total else rows,
        total_row=rows[-1] if has_total else None,
        note=" ".join(dict.fromkeys(each.note for each in wanted.definitions() if each.note)),
        indicators=list(wanted.indicators),
    )


def _caption(wanted: Wanted) -> str:
    """What it shows, as long as that can be said in a line."""
    first, *others = (each.title for each in wanted.definitions())
    return ", ".join([first, *others]) if len(others) < MOST_NAMED else f"{first}, and {len(others)} more"


def _shown(value: Value, column: Column, counts: Counts, hidden: Collection[Cell], below: int | None) -> Shown:
    if below and any(cell in hidden for cell in (*value.cells, *value.of)):
        is_small = not value.of and 0 < (value.number(counts) or 0) < below
        return Suppressed(fewer_than=below if is_small else None)
    number = value.number(counts)
    return int(number) if number is not None and column.unit is Unit.COUNT else number
