"""A document as one HTML page that needs nothing else: no script, nothing fetched, its charts as SVG within it."""

from pathlib import Path

from markupsafe import Markup

from chassis.web.pages import STYLE
from chassis.web.templating import environment
from services.reports.documents.charts import svg
from services.reports.documents.content import content
from services.reports.documents.model import Chart, Document, Table

TEMPLATES = Path(__file__).parent / "templates"
_html = environment(TEMPLATES)
_HEAD = Markup(
    '{start} role="img" aria-labelledby="{name}-title {name}-description">'
    '<title id="{name}-title">{title}</title><desc id="{name}-description">{description}</desc>{drawn}'
)


def page(document: Document) -> bytes:
    """The document as a page; `style-src 'unsafe-inline'` is all that it needs of a content security policy."""
    tables = {table.key: table for table in document.tables()}
    html = _html.get_template("document.html").render(
        document=content(document),
        period=document.period,
        drawn={chart.key: _drawn(chart, tables[chart.table]) for chart in document.charts()},
        # Both are our own.
        style=Markup(STYLE.read_text() + (TEMPLATES / "document.css").read_text()),  # noqa: S704
    )
    return html.encode()


def _drawn(chart: Chart, table: Table) -> Markup:
    start, _, drawn = svg(chart, table, letters="none").partition(">")
    return _HEAD.format(
        start=Markup(start),  # noqa: S704 -- matplotlib escapes what it writes.
        drawn=Markup(drawn),  # noqa: S704
        name=f"chart-{chart.key}",
        title=chart.title,
        description=chart.alternative,
    )
