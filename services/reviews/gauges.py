"""This service's own metrics."""

from prometheus_client import Gauge

from chassis.base import clock
from chassis.process import Process

LOOKED_AFTER = Gauge("reviews_looked_after_children", "Children who are looked after now, short breaks included.")
UNALLOCATED = Gauge("reviews_unallocated_children", "Children who are looked after and have no chair.")
OWED = Gauge("reviews_owed", "Deadlines that are open, by kind.", ["kind"])
OVERDUE = Gauge("reviews_overdue", "Deadlines that are overdue, by kind.", ["kind"])
CHILDREN = """
    SELECT count(*) AS children, count(*) FILTER (WHERE chair_id IS NULL) AS unallocated
    FROM looked_after_child WHERE looked_after_since IS NOT NULL
"""
COUNT = "SELECT kind, count(*) AS owed, count(*) FILTER (WHERE due_on < $1) AS overdue FROM deadline GROUP BY kind"


async def refresh(process: Process) -> None:
    """Count the children, and their open and overdue deadlines."""
    row = await process.database.statements.first_row(CHILDREN)
    LOOKED_AFTER.set(row["children"])
    UNALLOCATED.set(row["unallocated"])
    OWED.clear()
    OVERDUE.clear()
    for found in await process.database.statements.rows(COUNT, clock.today()):
        OWED.labels(found["kind"]).set(found["owed"])
        OVERDUE.labels(found["kind"]).set(found["overdue"])
