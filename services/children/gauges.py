"""This service's own metrics."""

from prometheus_client import Gauge

from chassis.process import Process

CHILDREN = Gauge("children_known", "Children who are known, without numbers that were merged into another.")
CONFLICTS = Gauge("children_conflicts_open", "Fields about which services say different things, not settled yet.")
COUNT = """
    SELECT (SELECT count(*) FROM child WHERE merged_into IS NULL) AS children,
        (SELECT count(*) FROM child_conflict WHERE settled_at IS NULL) AS conflicts
"""


async def refresh(process: Process) -> None:
    """Count the children, and what waits to be settled."""
    row = await process.database.statements.first_row(COUNT)
    CHILDREN.set(row["children"])
    CONFLICTS.set(row["conflicts"])
