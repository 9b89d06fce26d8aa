"""A report put together: its template, the words of its sections, and figures asked of the services that count them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from chassis.base.clock import london_day
from chassis.base.council import council_of
from chassis.base.fields import day_in_words
from chassis.law.periods import Period, PeriodKind, parse
from chassis.papers.directory import Directory
from chassis.process import Process
from services.reports.documents.model import Block, Cell, Chart, Document, Prose, Section, Table
from services.reports.indicators.definitions import INDICATORS
from services.reports.indicators.gathering import LeftOut, gather
from services.reports.indicators.wanted import Wanted
from services.reports.quality import tables as quality
from services.reports.reports.filling import BEFORE, filled, indicator_of, referred
from services.reports.reports.models import Report
from services.reports.reports.slips import slips
from services.reports.reports.template import SLIPS, SectionTemplate, TableTemplate, Template, template_of
from services.reports.rules import ReportState
from services.reports.settings import settings_of

# Tables that are not shown: words refer to their numbers.
TOTALS, TOTALS_BESIDE = "totals", "totals-beside"
DRAFT = "DRAFT"


class Composed(BaseModel):
    """A document, the figures that words refer to, by reference, and what was left out since it is small."""

    document: Document
    figures: dict[str, Cell]
    left_out: list[LeftOut]


@dataclass(frozen=True)
class _Parts:
    template: Template
    prose: Mapping[str, str]
    tables: Mapping[str, Table]
    records: Mapping[str, Table]
    figures: Mapping[str, Cell]
    by: PeriodKind

    def sections(self, wanted: Iterable[SectionTemplate]) -> Iterator[Section]:
        """The sections, without those that need no words and have nothing to show."""
        for each in wanted:
            section = self._section(each)
            if each.words or section.blocks or section.sections:
                yield section

    def _section(self, wanted: SectionTemplate) -> Section:
        words = filled(self.prose.get(wanted.key, ""), self.figures)
        blocks: list[Block] = [Prose(markdown=words)] if words else []
        for table in wanted.tables:
            blocks += [
                Chart(table=table.key, x="row", **chart.model_dump(exclude={"series"}), series=list(chart.series))
                for chart in table.charts
            ]
            blocks.append(self._shown(table))
        blocks += [self.records[key] for key in wanted.records if key in self.records]
        return Section(
            key=wanted.key, heading=wanted.heading, blocks=blocks, sections=list(self.sections(wanted.sections))
        )

    def _shown(self, wanted: TableTemplate) -> Table:
        """A table with the titles of its indicators; where its rows are periods like the report's, no sum is meant."""
        table = self.tables[wanted.key]
        titles = [INDICATORS[name].title for name in table.indicators]
        total = None if wanted.by == self.by else table.total_row
        rows = table.rows
        if wanted.by in {PeriodKind.QUARTER, PeriodKind.HALF}:
            rows = [[parse(str(period)).name(), *cells] for period, *cells in rows]
        return table.model_copy(update={"indicators": titles, "rows": rows, "total_row": total})


async def compose(process: Process, report: Report, prose: Mapping[str, str], now: datetime) -> Composed:
    """The whole document with figures as they are now; `FiguresIncomplete` if somebody cannot be asked."""
    settings, period = settings_of(process), parse(report.period)
    template = template_of(report.kind, settings.report_templates)
    references = [reference for text in prose.values() for reference in referred(text)]
    names = list(dict.fromkeys([*template.indicators(), *map(indicator_of, references)]))
    tables = [_wanted(table, period, report.chair_id) for section in template.walk() for table in section.tables]
    below = settings.small_number_threshold
    gathered = await gather(process, [*tables, *_totals(names, period, report.chair_id)], below=below)
    found = {table.key: table for table in gathered.tables}
    figures = _figures(found.pop(TOTALS, None)) | _figures(found.pop(TOTALS_BESIDE, None))
    records = await quality.tables(process.database.statements, period.first, period.last, report.chair_id)
    if settings.published_tables:
        records[SLIPS] = slips(settings.published_tables)
    parts, council = _Parts(template, prose, found, records, figures, period.kind), council_of(settings)
    document = Document(
        title=template.title,
        subtitle=await _about(process, template, report),
        council=council.name,
        identity_line=council.identity_line,
        period=period.name(),
        state_words=state_words(report),
        marking=template.marking if report.approved_at else f"{DRAFT} {template.marking}".strip(),
        figures_as_of=london_day(now),
        sections=list(parts.sections(template.sections)),
        glossary=[INDICATORS[name].definition(below) for name in names],
    )
    return Composed(
        document=document, figures=figures, left_out=[each for each in gathered.left_out if each.table in found]
    )


async def _about(process: Process, template: Template, report: Report) -> str:
    """What the report is about; a chair's own page has their name."""
    if report.chair_id is None:
        return template.subtitle
    names = await Directory(process).names([report.chair_id], [])
    return ", ".join(filter(None, (names.colleague(report.chair_id), template.subtitle)))


def state_words(report: Report) -> str:
    """How a report stands, as its document says it."""
    match report.state:
        case ReportState.DRAFT | ReportState.WITH_REVIEWER:
            return f"{DRAFT}: not approved; the figures can still change"
        case ReportState.APPROVED:
            return f"Approved on {_day(report.approved_at)}, not published"
        case ReportState.PUBLISHED:
            return f"Published on {_day(report.published_at)}"
        case ReportState.SUPERSEDED:
            return f"Published on {_day(report.published_at)}, superseded by a newer one"


def _day(moment: datetime | None) -> str:
    return day_in_words(moment and london_day(moment))


def _wanted(table: TableTemplate, period: Period, chair_id: str | None) -> Wanted:
    first = period
    for _ in range(table.back):
        first = first.previous()
    given = table.model_dump(exclude={"back", "charts"})
    return Wanted(**given, period=first.label, until=period.label, chair_id=chair_id)


def _totals(names: Iterable[str], period: Period, chair_id: str | None) -> list[Wanted]:
    """The totals of indicators over the period; those that are not counted by period are totals of today."""
    by_period = {name: period.kind in INDICATORS[name].figures.rows for name in names}
    first = tuple(name for name, is_so in by_period.items() if is_so)
    beside = tuple(name for name, is_so in by_period.items() if not is_so)
    wanted = []
    if first:
        wanted.append(
            Wanted(
                caption=TOTALS,
                key=TOTALS,
                indicators=first,
                by=period.kind,
                period=period.label,
                chair_id=chair_id,
                compare=True,
            )
        )
    if beside:
        wanted.append(
            Wanted(
                key=TOTALS_BESIDE,
                caption=TOTALS_BESIDE,
                indicators=beside,
                by="chair",
                period=period.label,
                chair_id=chair_id,
            )
        )
    return wanted


def _figures(table: Table | None) -> dict[str, Cell]:
    if table is None:
        return {}
    # The only row of a table by period has the period before beside it; the total may not.
    row = table.rows[0] if len(table.rows) == 1 else table.total_row or [None] * len(table.columns)
    cells = {column.key: cell for column, cell in zip(table.columns, row, strict=True)}
    return {key: cell for key, cell in cells.items() if key in INDICATORS or key.endswith(BEFORE)}


def as_it_stands(composed: Composed, report: Report) -> Document:
    """An approved document, which says how its report stands now; all else stays as it was."""
    return composed.document.model_copy(update={"state_words": state_words(report)})
