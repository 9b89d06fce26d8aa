"""Charts by matplotlib, drawn from their tables: told apart without colour, labelled directly, the same each time.

Loading matplotlib takes a second: only the modules that draw import this one. Colours are those of Okabe and Ito, which
colour-blind people can tell apart. Its settings belong to the whole process, so one chart is drawn at a time.
"""

import io
import math
import re
import textwrap
import threading
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from services.reports.documents.content import LEFT_OUT, words
from services.reports.documents.model import Band, Cell, Chart, ChartKind, Suppressed, Table, Unit

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#000000", "#56B4E9", "#D55E00", "#CC79A7", "#8C8C00")
DASHES = ("-", "--", ":", "-.", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 3)), (0, (3, 1)))
MARKERS = "os^DvPX*"
HATCHES = ("", "///", "\\\\\\", "xxx", "---", "|||", "+++", "//")
LETTERS = "DejaVu Sans"
INK, QUIET, BAND = "#16191d", "#4d565e", "#e3e7ea"
WIDTH, HEIGHT = 7.2, 3.5
ROW_HEIGHT = 0.24
MOST_TICKS, MOST_UPRIGHT = 13, 40
MOST_LABELLED_BARS = 26
# In points: how far apart two labels of lines stand, and about how high the plot is.
LABEL_GAP, PLOT_HEIGHT = 12, HEIGHT * 72 * 0.84
STYLE: dict[Any, Any] = {
    "font.family": LETTERS,
    "font.size": 9,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#d5dade",
    "hatch.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}
_one_at_a_time = threading.Lock()


def svg(chart: Chart, table: Table, *, letters: Literal["none", "path"]) -> str:
    """A chart as SVG; its letters are text for a browser to set (`none`) or drawn (`path`)."""
    settings = {"svg.fonttype": letters, "svg.hashsalt": chart.key}
    kept = io.StringIO()
    _save(chart, table, settings, kept, format="svg", metadata={"Date": None, "Creator": None})
    drawn = kept.getvalue()
    # The groups' identifiers would be repeated in a page with several charts, and nothing refers to them.
    drawn = re.sub(r'<g id="[^"]*"', "<g", drawn[drawn.index("<svg") :])
    # A browser sets them in the page's own letters.
    return drawn.replace(f"font-family: '{LETTERS}'; ", "")


def png(chart: Chart, table: Table) -> bytes:
    """A chart as a picture, fine enough to print."""
    kept = io.BytesIO()
    _save(chart, table, {}, kept, format="png", dpi=200, metadata={"Software": None})
    return kept.getvalue()


def _save(chart: Chart, table: Table, settings: dict[str, Any], kept: io.StringIO | io.BytesIO, **saved: Any) -> None:
    with _one_at_a_time, mpl.rc_context(STYLE | settings):
        _figure(chart, table).savefig(kept, **saved)


def _figure(chart: Chart, table: Table) -> Figure:
    across = chart.kind == ChartKind.ACROSS
    bars = len(table.rows) * len(chart.series)
    height = max(1.6, 0.9 + ROW_HEIGHT * (bars + len(table.rows) * 0.3)) if across else HEIGHT
    figure = Figure(figsize=(WIDTH, min(height, 9)), layout="constrained")
    axes = figure.add_subplot()
    if chart.band:
        _draw_band(axes, chart.band, across=across)
    if chart.kind in {ChartKind.LINE, ChartKind.CUMULATIVE}:
        _draw_lines(axes, chart, table)
    else:
        _draw_bars(axes, chart, table)
    _name_values(axes, {table.columns[table.at(key)].unit for key in chart.series}, across=across)
    _name_places(axes, table, table.at(chart.x), across=across)
    return figure


def _draw_lines(axes: Axes, chart: Chart, table: Table) -> None:
    ends, highest = [], 0.0
    for at, key in enumerate(chart.series):
        cells = [row[table.at(key)] for row in table.rows]
        points = _broken(cells) if chart.kind == ChartKind.CUMULATIVE else list(enumerate(map(_number, cells)))
        axes.plot(
            [place for place, _ in points],
            [number for _, number in points],
            color=COLOURS[at],
            linestyle=DASHES[at],
            marker=MARKERS[at],
            markersize=4.5,
            markevery=max(1, len(cells) // 12),
            linewidth=2,
        )
        for place, cell in enumerate(cells):
            if isinstance(cell, Suppressed):
                axes.annotate(LEFT_OUT, (place, 0), ha="center", va="bottom", fontsize=7, color=QUIET)
        shown = [point for point in points if not math.isnan(point[1])]
        if shown:
            ends.append((shown[-1], _short(table.columns[table.at(key)].heading, 20)))
            highest = max(highest, *(number for _, number in shown))
    axes.set_ylim(0, highest * 1.07 or 1)
    axes.margins(x=0.02)
    _label_ends(axes, ends)


def _broken(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """The points of a sum that begins anew where it falls: its line ends there."""
    points = list(enumerate(map(_number, cells)))
    found: list[tuple[float, float]] = [*points[:1]]
    for (_, before), (place, number) in pairwise(points):
        found += [(place, math.nan), (place, number)] if number < before else [(place, number)]
    return found


def _label_ends(axes: Axes, ends: list[tuple[tuple[float, float], str]]) -> None:
    """Name each line beside its end; where ends are close, the names stand apart."""
    scale = PLOT_HEIGHT / (axes.get_ylim()[1] or 1)
    lowest = -math.inf
    last = max((place for (place, _), _ in ends), default=0)
    for (place, number), name in sorted(ends, key=lambda end: end[0][1]):
        lines = name.count("\n") + 1
        middle = max(number * scale, lowest + LABEL_GAP * lines / 2)
        lowest = middle + LABEL_GAP * lines / 2
        axes.annotate(
            name,
            (last if last - place < 2 else place, number),
            xytext=(8, middle - number * scale),
            textcoords="offset points",
            va="center",
        )


def _draw_bars(axes: Axes, chart: Chart, table: Table) -> None:
    stacked, across = chart.kind == ChartKind.STACKED, chart.kind == ChartKind.ACROSS
    places = range(len(table.rows))
    thick = 0.72 if stacked else 0.8 / len(chart.series)
    labelled = across or len(table.rows) * len(chart.series) <= MOST_LABELLED_BARS
    base = [0.0 for _ in places]
    for at, key in enumerate(chart.series):
        column = table.columns[table.at(key)]
        cells = [row[table.at(key)] for row in table.rows]
        long = [0.0 if math.isnan(number) else number for number in map(_number, cells)]
        shift = 0 if stacked else (at - (len(chart.series) - 1) / 2) * thick
        how: dict[str, Any] = {"color": COLOURS[at], "hatch": HATCHES[at], "edgecolor": INK, "linewidth": 0.6}
        where = [place + shift for place in places]
        label = _short(column.heading, 60)
        if across:
            drawn = axes.barh(where, long, thick, label=label, **how)
        else:
            drawn = axes.bar(where, long, thick, base, label=label, **how)
        texts = [_beside(cell, column.unit, labelled=labelled) for cell in cells]
        if not stacked:
            axes.bar_label(drawn, texts, padding=2, fontsize=8)
        else:
            base = [low + more for low, more in zip(base, long, strict=True)]
    if across:
        axes.invert_yaxis()
        axes.margins(y=0.02)
    if len(chart.series) > 1:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1.01), ncols=min(3, len(chart.series)), frameon=False, borderpad=0
        )


def _beside(cell: Cell, unit: Unit, *, labelled: bool) -> str:
    if isinstance(cell, Suppressed):
        return LEFT_OUT
    return words(cell, unit) if labelled and isinstance(cell, int | float) else ""


def _draw_band(axes: Axes, band: Band, *, across: bool) -> None:
    """What is expected, behind what is drawn, with its name outside of the plot."""
    span, line = (axes.axvspan, axes.axvline) if across else (axes.axhspan, axes.axhline)
    span(band.low, band.high, color=BAND, zorder=0)
    for edge in (band.low, band.high):
        line(edge, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0.5)
    name = f"{_short(band.name, 50)}: {words(band.low, Unit.NUMBER)} to {words(band.high, Unit.NUMBER)}"
    axes.set_title(name, loc="right", fontsize=8, color=QUIET)


def _name_values(axes: Axes, units: set[Unit], *, across: bool) -> None:
    axis = axes.xaxis if across else axes.yaxis
    axes.grid(visible=True, axis="x" if across else "y")
    if units == {Unit.PERCENT}:
        limit = axes.set_xlim if across else axes.set_ylim
        limit(0, 1.08 if across else 1.04)
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(PercentFormatter(1, 0))
    else:
        axis.set_major_locator(MaxNLocator(6, integer=Unit.COUNT in units))
        axis.set_major_formatter(FuncFormatter(lambda number, _: words(round(number, 2), Unit.NUMBER)))


def _name_places(axes: Axes, table: Table, at: int, *, across: bool) -> None:
    unit = table.columns[at].unit
    cells = [row[at] for row in table.rows]
    if across:
        axes.set_yticks(range(len(cells)), [_short(words(cell, unit), 34) for cell in cells])
        axes.tick_params(axis="y", length=0)
        return
    if unit == Unit.MONTH:
        axes.set_xticks(*_months(cells, len(cells) / MOST_TICKS))
    else:
        # Names that are many stand upright; hardly any is left out.
        upright = len(cells) > MOST_TICKS
        places = range(0, len(cells), max(1, math.ceil(len(cells) / MOST_UPRIGHT)))
        width = 24 if upright else max(6, 80 // max(1, len(cells)))
        names = [_short(words(cells[place], unit), width) for place in places]
        axes.set_xticks(places, names, rotation=90 if upright else 0)


def _months(cells: Sequence[Cell], step: float) -> tuple[list[int], list[str]]:
    """Where months are named, January always; the year stands below the first of each."""
    step = next((months for months in (1, 2, 3, 6) if months >= step), 12)
    named = [(at, day) for at, day in enumerate(cells) if isinstance(day, date) and (day.month - 1) % step == 0]
    years = [day.year for _, day in named]
    first = [at for at, year in enumerate(years) if year not in years[:at]]
    names = [f"{day:%b}\n{day:%Y}" if at in first else f"{day:%b}" for at, (_, day) in enumerate(named)]
    return [place for place, _ in named], names


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else math.nan


def _short(text: str, width: int) -> str:
    """A name in at most three lines."""
    return "\n".join(textwrap.wrap(text, width, max_lines=3, placeholder=" …")) or " "
