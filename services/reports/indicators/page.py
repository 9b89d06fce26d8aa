"""docs/indicators.md: every definition, in the order of the reports' sections."""

from collections.abc import Iterator

from services.reports.indicators.definitions import INDICATORS, PERIODS, SOURCES

BEGINNING = """# Indicators

What every number of a report means: one definition for each, from which tables, charts, sentences and glossaries are
made. This page is written from `services/reports/indicators/indicators.toml` by `python -m deploy rules`: change the
definitions, not the page. `GET /v1/indicators` lists them, `GET /v1/indicators/figures` gathers tables of them.

A number marked *people* tells of children or families: a report leaves it out where it is small, and with it whatever
would reveal it in any of its tables. A number that *adds up* is for a year what it is for the months together.
"""


def page() -> str:
    """The page."""
    return "\n".join([BEGINNING, *_lines()]).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for table, source in SOURCES.items():
        rows = ", ".join(("periods", *source.rows[len(PERIODS) :]) if "month" in source.rows else source.rows)
        yield f"## {table.replace('_', ' ').capitalize()}"
        yield ""
        yield f"Counted by the {source.owner} service at `{source.path}`; rows can be: {rows}."
        yield ""
        yield "| indicator | name | what it is | unit | people | adds up | source | asked in |"
        yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
        for found in INDICATORS.values():
            if found.table == table:
                share = f" {found.numerator[:1].upper()}{found.numerator[1:]}, out of {found.denominator}."
                cells = (
                    f"`{found.name}`",
                    found.title,
                    found.meaning + (share if found.of else ""),
                    found.unit,
                    "yes" if found.people else "no",
                    "yes" if found.adds_up else "no",
                    found.source,
                    ", ".join(found.asked),
                )
                yield f"| {' | '.join(cells)} |"
        yield ""
