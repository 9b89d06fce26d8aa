"""This service's own metrics."""

from prometheus_client import Gauge

from chassis.process import Process
from services.reports.rules import ReportState

REPORTS = Gauge("reports_by_state", "Reports, by how they stand.", ["state"])
COUNT = "SELECT state, count(*) AS reports FROM report GROUP BY state"


async def refresh(process: Process) -> None:
    """Count the reports."""
    found = {row["state"]: row["reports"] for row in await process.database.statements.rows(COUNT)}
    for state in ReportState:
        REPORTS.labels(state).set(found.get(state, 0))
