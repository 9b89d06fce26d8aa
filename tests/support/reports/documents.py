"""A document with everything that a document can have, and one that people filled with what breaks programs."""

from datetime import date

from services.reports.documents.model import (
    Band,
    Chart,
    ChartKind,
    Column,
    Definition,
    Document,
    Prose,
    Section,
    Suppressed,
    Table,
    Unit,
)

PROSE = """Independent Chairs held **1,620 reviews, in which 1,914 times a child was reviewed**, *a rise of 4.2%* on the year before. See the
[handbook](https://www.gov.uk/handbook) & ask.

- Each child is seen before the review,
- plans are in place, and

  1. managers agree decisions within five working days;
  2. disputes are settled.

> My chair remembers what I said last time.

##### What changed

The team grew to 18.6 full-time equivalents.
"""
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "]]> &amp; <!-- </svg></style>",
    '#set page(fill: red) $x^2$ _a_ *b* `c` @d <e> \\ // "',
    "{{ document }} {% raw %}",
    "שלום עולם مرحبا",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} \N{GRINNING FACE}",
    "bell\a, nothing\0, escape\x1b[31m",
    "x" * 20_000,
    ("many words " * 1800).strip(),
)


def months(count: int = 14) -> Table:
    """Reviews by month."""
    days = [date(2019 + (at + 3) // 12, (at + 3) % 12 + 1, 1) for at in range(count)]
    rows = [
        [day, 1103 + at * 7, 0.8 + at / 1000, 4.5 + at, day.replace(day=28), 0.25 * at] for at, day in enumerate(days)
    ]
    late = [Suppressed(), Suppressed(fewer_than=None), None, *range(count - 3)]
    return Table(
        key="reviews-by-month",
        caption="Reviews held, by month",
        columns=[
            Column(key="month", heading="Month", unit=Unit.MONTH),
            Column(key="reviews", heading="Reviews"),
            Column(key="in_time", heading="In time", unit=Unit.PERCENT),
            Column(key="days", heading="Days late on average", unit=Unit.DAYS),
            Column(key="last", heading="Last held on", unit=Unit.DAY),
            Column(key="staff", heading="Full-time equivalents", unit=Unit.NUMBER),
            Column(key="late", heading="Late"),
        ],
        rows=[[*row, cell] for row, cell in zip(rows, late, strict=True)],
        total_row=["Total", 16_079, 0.8065, None, None, None, Suppressed(fewer_than=None)],
        note="A review of several brothers and sisters counts once.",
        indicators=["Reviews held", "Timeliness"],
    )


def organisations(names: tuple[str, ...] = ("Schools", "Police", "Health visiting")) -> Table:
    """Escalations by organisation."""
    return Table(
        key="escalations-by-organisation",
        caption="Escalations by organisation",
        columns=[
            Column(key="organisation", heading="Organisation", unit=Unit.TEXT),
            Column(key="raised", heading="Raised"),
            Column(key="answered", heading="Answered"),
        ],
        rows=[[name, 91 + at, 80 - at] for at, name in enumerate(names)],
    )


def chart(kind: ChartKind, table: str, x: str, *series: str, band: Band | None = None) -> Chart:
    """A chart of a table."""
    return Chart(
        key=f"{kind}-of-{table}",
        kind=kind,
        title=f"What does the {kind} chart of {table} say?",
        alternative=f"The {kind} chart rises from April to March.",
        table=table,
        x=x,
        series=list(series),
        band=band,
    )


def report() -> Document:
    """A document with every kind of block, chart, cell and unit."""
    band = Band(low=50, high=70, name="Expected")
    reviews, escalations = "reviews-by-month", "escalations-by-organisation"
    return Document(
        title="Annual report of the Independent Chairs",
        subtitle="Children looked after and children in need of protection",
        council="Exampleshire County Council",
        identity_line="Independent Chairs' service, Exampleshire County Council",
        period="April 2019 to March 2020",
        state_words="Approved on 30 June 2020",
        marking="OFFICIAL",
        figures_as_of=date(2020, 4, 14),
        sections=[
            Section(key="purpose", heading="Purpose", blocks=[Prose(markdown=PROSE)]),
            Section(
                key="reviews",
                heading="Reviews",
                blocks=[chart(ChartKind.LINE, reviews, "month", "reviews", "late"), months()],
                sections=[
                    Section(
                        key="timely",
                        heading="Timeliness",
                        blocks=[
                            chart(ChartKind.CUMULATIVE, reviews, "month", "in_time"),
                            chart(ChartKind.BAR, reviews, "month", "staff", band=band),
                        ],
                    )
                ],
            ),
            Section(
                key="escalations",
                heading="Escalations",
                blocks=[
                    chart(ChartKind.ACROSS, escalations, "organisation", "raised", "answered", band=band),
                    chart(ChartKind.STACKED, escalations, "organisation", "raised", "answered"),
                    organisations(),
                ],
            ),
        ],
        glossary=[
            Definition(
                name="Timeliness",
                meaning="The share of reviews held no later than the day by which they were due.",
                unit="percent of reviews",
                numerator="Reviews held in time",
                denominator="Reviews held",
                small_numbers="Left out below 5 reviews",
                source="Regulation 33",
            ),
            Definition(name="Reviews held", meaning="Meetings that were held.", unit="reviews"),
        ],
    )


def hostile() -> Document:
    """A document whose words are what breaks programs, wherever people write words."""
    words, line = " ".join(HOSTILE)[:30_000], " ".join(HOSTILE[:-2])[:300]
    table = organisations(HOSTILE)
    columns = [column.model_copy(update={"heading": HOSTILE[at]}) for at, column in enumerate(table.columns)]
    changes = {"columns": columns, "caption": line, "note": words, "indicators": [line]}
    table = Table(**table.model_dump() | changes)
    drawn = [
        Chart(**chart(kind, table.key, "organisation", "raised").model_dump() | {"title": line, "alternative": words})
        for kind in ChartKind
    ]
    links = "[a](javascript:alert(1)) ![b](https://example.org/b.png) <img src=x onerror=alert(1)>\n\n```\n=1\n```\n\n"
    prose = Prose(markdown=links + "\n\n".join(HOSTILE))
    lines = ("title", "subtitle", "council", "identity_line", "period", "state_words", "marking")
    return Document(
        **dict.fromkeys(lines, line),
        figures_as_of=date(2020, 4, 14),
        sections=[Section(key="all", heading=line, blocks=[prose, *drawn, table])],
        glossary=[Definition(**dict.fromkeys(Definition.model_fields, words) | {"name": line, "unit": line})],
    )
