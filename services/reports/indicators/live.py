"""The figures of managers as a page with charts: as they are now, of the council, an area, a team or a chair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.base.council import Council
from chassis.figures.asking import period_named
from chassis.figures.tables import Restart
from services.reports.documents.model import Band, Chart, ChartKind, Document, Section, Table
from services.reports.indicators.definitions import INDICATORS
from services.reports.indicators.gathering import Gathered
from services.reports.indicators.wanted import Wanted

# Children for each full-time post: IRO Handbook, chapter 7.
CASELOAD = Band(low=50, high=70, name="Guidance")


@dataclass(frozen=True)
class Part:
    """A question of managers, and the chart that answers it; the indicators of its table are drawn."""

    question: str
    indicators: tuple[str, ...]
    by: str
    kind: ChartKind
    restart: Restart | None = None
    band: Band | None = None

    def drawn(self) -> list[str]:
        """The columns that are drawn: what is counted up, if that is the question."""
        return [f"{name}.cumulative" if self.restart else name for name in self.indicators]


PARTS = {
    "reviews": Part("How many reviews are held?", ("reviews", "children_reviewed"), "month", ChartKind.LINE),
    "reviews_so_far": Part(
        "How many reviews since January?", ("reviews",), "month", ChartKind.CUMULATIVE, Restart.CALENDAR_YEAR
    ),
    "review_timeliness": Part("Which reviews are in time?", ("review_timeliness",), "kind", ChartKind.ACROSS),
    "visits": Part("Are children visited?", ("visited", "midway_checks"), "quarter", ChartKind.BAR),
    "conferences": Part(
        "How many conferences are held?", ("conferences", "children_conferenced"), "month", ChartKind.LINE
    ),
    "conference_timeliness": Part(
        "Which conferences are in time?", ("conference_timeliness",), "kind", ChartKind.ACROSS
    ),
    "on_plan": Part("How many children are on a plan?", ("on_plan",), "month", ChartKind.LINE),
    "escalations": Part(
        "Who is escalated to, and do they answer?",
        ("conference_escalations", "escalations_answered"),
        "agency",
        ChartKind.ACROSS,
    ),
    "caseloads": Part(
        "How many looked-after children does a full-time post have, besides conferences?",
        ("caseload_for_full_time",),
        "chair",
        ChartKind.BAR,
        band=CASELOAD,
    ),
}


def tables_for(asked: Wanted) -> list[Wanted]:
    """The tables of the page; those that are not counted by what is filtered by are not on it."""
    return [
        asked.model_copy(
            update={"key": key, "caption": part.question, "indicators": part.indicators, "by": part.by}
            | {"restart": part.restart}
        )
        for key, part in PARTS.items()
        if asked.filters().keys() <= set(INDICATORS[part.indicators[0]].figures.filters)
    ]


def document(
    found: Gathered, asked: Wanted, about: Mapping[str, str], council: Council, today: date, below: int
) -> Document:
    """The page as a document: a section for each question, with its chart and the numbers behind it.

    `about` is what it is filtered by, in words.
    """
    sections = []
    for gathered in found.tables:
        table, part = _begun(gathered, today), PARTS[gathered.key]
        titles = " and ".join(INDICATORS[name].title for name in part.indicators)
        chart = Chart(
            key=f"{table.key}.chart",
            kind=part.kind,
            title=part.question,
            alternative=f"{titles} by {part.by}. The table has the numbers.",
            table=table.key,
            x=table.columns[0].key,
            series=part.drawn(),
            band=part.band,
        )
        blocks = [chart, table] if table.rows else [table]
        sections.append(Section(key=f"{table.key}.section", heading=part.question, blocks=blocks))
    return Document(
        title="Figures of the Independent Chairs",
        subtitle=", ".join(f"{name.removesuffix('_id')} {value}" for name, value in about.items()),
        council=council.name,
        identity_line=council.identity_line,
        period=_period(asked),
        state_words="As they are now. This is no published report.",
        figures_as_of=today,
        sections=sections,
        glossary=[INDICATORS[name].definition(below) for name in _names(found)],
    )


def _begun(table: Table, today: date) -> Table:
    """A table without the months that are still to come: a line that falls to nothing there would mislead."""
    rows = [row for row in table.rows if not isinstance(row[0], date) or row[0] <= today]
    return table.model_copy(update={"rows": rows})


def _names(found: Gathered) -> Sequence[str]:
    return list(dict.fromkeys(name for table in found.tables for name in table.indicators))


def _period(asked: Wanted) -> str:
    periods = [period_named("period", label).name() for label in dict.fromkeys((asked.period, asked.until)) if label]
    return " to ".join(periods)
