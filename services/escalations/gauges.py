"""This service's own figures for ops."""

from prometheus_client import Gauge

from chassis.base import clock
from chassis.process import Process

OPEN = Gauge("escalations_open", "Formal escalations that are not closed.", ["kind"])
OVERDUE = Gauge("escalations_overdue", "Formal escalations that are not closed and past their due day.", ["kind"])
UNANSWERED = Gauge("escalations_unanswered", "Formal escalations that are not closed and not answered.", ["kind"])
COUNT = """
    SELECT kind, count(*) AS open, count(*) FILTER (WHERE due_on < $1) AS overdue,
        count(*) FILTER (WHERE state = 'open') AS unanswered
    FROM escalation WHERE closed_on IS NULL GROUP BY kind
"""


async def refresh(process: Process) -> None:
    """Count what is open, overdue and unanswered."""
    found = {row["kind"]: row for row in await process.database.statements.rows(COUNT, clock.today())}
    for kind in ("care_planning", "conference_contribution"):
        row = found.get(kind) or {"open": 0, "overdue": 0, "unanswered": 0}
        OPEN.labels(kind).set(row["open"])
        OVERDUE.labels(kind).set(row["overdue"])
        UNANSWERED.labels(kind).set(row["unanswered"])
