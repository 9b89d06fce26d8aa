"""This service's own figures for ops."""

from prometheus_client import Gauge

from chassis.base import clock
from chassis.process import Process

ON_PLAN = Gauge("conferences_children_on_plan", "Children who are on a child protection plan now.")
CONFIRMED = Gauge("conferences_proposals_confirmed", "Proposals that are confirmed and not raised yet.")
REFUSED = Gauge("conferences_proposals_refused", "Proposals that the escalations service could not raise.")
OWED = Gauge("conferences_owed", "Deadlines that are open, by kind.", ["kind"])
OVERDUE = Gauge("conferences_overdue", "Deadlines that are open and whose day has gone by, by kind.", ["kind"])
CHILDREN = "SELECT count(*) AS count FROM protection WHERE plan_since IS NOT NULL"
PROPOSED = """
    SELECT count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE state = 'refused') AS refused
    FROM proposal WHERE state IN ('confirmed', 'refused')
"""
COUNT = "SELECT kind, count(*) AS owed, count(*) FILTER (WHERE due_on < $1) AS overdue FROM deadline GROUP BY kind"


async def refresh(process: Process) -> None:
    """Count children on plans, proposals waiting to be raised, and open and overdue deadlines."""
    statements = process.database.statements
    ON_PLAN.set((await statements.first_row(CHILDREN))["count"])
    row = await statements.first_row(PROPOSED)
    CONFIRMED.set(row["confirmed"])
    REFUSED.set(row["refused"])
    OWED.clear()
    OVERDUE.clear()
    for found in await statements.rows(COUNT, clock.today()):
        OWED.labels(found["kind"]).set(found["owed"])
        OVERDUE.labels(found["kind"]).set(found["overdue"])
