"""The tables of a report that are made of what is recorded here; no child is in them, so none is left out."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chassis.db.statements import Statements
from chassis.law.labels import label
from services.reports.documents.model import Cell, Column, Table, Unit

OBSERVATIONS = """
    SELECT grade, count(*) AS observations, count(DISTINCT chair_id) AS chairs FROM observation
    WHERE observed_on BETWEEN $1 AND $2 AND voided_on IS NULL AND ($3::text IS NULL OR chair_id = $3) GROUP BY grade
    ORDER BY array_position(ARRAY['outstanding', 'good', 'requires_improvement', 'inadequate'], grade)
"""
DEVELOPMENT = """
    SELECT kind, count(*) AS activities, count(DISTINCT colleague_id) AS colleagues, sum(days) AS days FROM development
    WHERE held_on BETWEEN $1 AND $2 AND voided_on IS NULL AND ($3::text IS NULL OR colleague_id = $3)
    GROUP BY kind ORDER BY kind
"""
AUDITS = """
    SELECT subject, audited_on, records_audited, grade, findings, outcome FROM case_audit
    WHERE audited_on BETWEEN $1 AND $2 AND voided_on IS NULL ORDER BY audited_on, id
"""
HOME_VISITS = """
    SELECT home.name, home.kind, count(visit.id) AS visits,
        count(DISTINCT date_trunc('month', visit.visited_on)) AS months, count(visit.reported_on) AS reported,
        count(visit.actions) FILTER (WHERE visit.actions_done_on IS NULL) AS actions_open
    FROM home LEFT JOIN home_visit AS visit
        ON visit.home_id = home.id AND visit.visited_on BETWEEN $1 AND $2 AND visit.voided_on IS NULL
    WHERE home.opened_on <= $2 AND (home.closed_on IS NULL OR home.closed_on >= $1)
    GROUP BY home.id ORDER BY home.name
"""
# The priorities of the financial year in which the first day lies, or of one that many years later.
_OF_YEAR = """
    SELECT title, state, progress, due_on
    FROM priority,
        (SELECT date_trunc('year', $1::date - interval '3 months') + interval '{ahead} years' AS begun) AS asked
    WHERE year = to_char(begun, 'YYYY') || to_char(begun + interval '1 year', '-YY')
        AND $2::date >= $1::date AND voided_on IS NULL
    ORDER BY due_on NULLS LAST, title
"""
PRIORITIES, NEXT = (_OF_YEAR.format(ahead=ahead) for ahead in (0, 1))


def _text(key: str, heading: str) -> Column:
    return Column(key=key, heading=heading, unit=Unit.TEXT)


def _count(key: str, heading: str) -> Column:
    return Column(key=key, heading=heading)


def _day(key: str, heading: str) -> Column:
    return Column(key=key, heading=heading, unit=Unit.DAY)


@dataclass(frozen=True)
class _Kind:
    """A table: what it is asked by, the columns of that which it shows, and the enums whose words some of them are."""

    caption: str
    statement: str
    columns: tuple[Column, ...]
    enums: dict[str, str] = field(default_factory=dict)
    note: str = ""
    is_about_colleagues: bool = False


_OF_PRIORITIES = (
    _text("title", "Priority"),
    _text("state", "How it stands"),
    _text("progress", "Progress"),
    _day("due_on", "Due on"),
)
_KINDS = {
    "observations": _Kind(
        "Observations of chairs at work, by what was found",
        OBSERVATIONS,
        (_text("grade", "Found"), _count("observations", "Observations"), _count("chairs", "Chairs")),
        {"grade": "Grade"},
        is_about_colleagues=True,
    ),
    "development": _Kind(
        "Supervision, training and other development",
        DEVELOPMENT,
        (
            _text("kind", "Kind"),
            _count("activities", "Times"),
            _count("colleagues", "Colleagues"),
            Column(key="days", heading="Days", unit=Unit.NUMBER),
        ),
        {"kind": "DevelopmentKind"},
        is_about_colleagues=True,
    ),
    "audits": _Kind(
        "Audits, with their findings and what came of them",
        AUDITS,
        (
            _text("subject", "Audit of"),
            _day("audited_on", "On"),
            _count("records_audited", "Records"),
            _text("grade", "Found"),
            _text("findings", "Findings"),
            _text("outcome", "What came of it"),
        ),
        {"grade": "Grade"},
    ),
    "home-visits": _Kind(
        "Visits of independent persons to homes (regulation 44)",
        HOME_VISITS,
        (
            _text("name", "Home"),
            _text("kind", "Kind"),
            _count("visits", "Visits"),
            _count("months", "Months with a visit"),
            _count("reported", "Reports sent"),
            _count("actions_open", "Actions open"),
        ),
        {"kind": "HomeKind"},
        "Children's homes are visited every month, supported living every four months.",
    ),
    "priorities": _Kind("Priorities of the year", PRIORITIES, _OF_PRIORITIES, {"state": "PriorityState"}),
    "next-priorities": _Kind("Priorities of the next year", NEXT, _OF_PRIORITIES, {"state": "PriorityState"}),
}
TABLES = frozenset(_KINDS)


async def tables(statements: Statements, first: date, last: date, chair_id: str | None = None) -> dict[str, Table]:
    """The tables about these days, by their names in `TABLES`; of one chair those that are about colleagues."""
    return {
        key: await _table(statements, key, kind, first, last, chair_id)
        for key, kind in _KINDS.items()
        if chair_id is None or kind.is_about_colleagues
    }


async def _table(statements: Statements, key: str, kind: _Kind, first: date, last: date, chair_id: str | None) -> Table:
    given = (first, last, chair_id) if kind.is_about_colleagues else (first, last)
    found = await statements.rows(kind.statement, *given)
    rows = [[_cell(kind, column.key, row[column.key]) for column in kind.columns] for row in found]
    return Table(key=key, caption=kind.caption, columns=list(kind.columns), rows=rows, note=kind.note)


def _cell(kind: _Kind, key: str, value: Any) -> Cell:
    cell: Cell = label(kind.enums[key], value) if key in kind.enums and value else value
    return cell
