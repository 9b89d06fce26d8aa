"""What other services ask for, never routed by the gateway: what is due, for the managers' weekly email."""

from typing import Annotated

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.db.database import Transaction
from chassis.web.routes import Routes
from services.reports.quality import actions as quality
from services.reports.quality.schemas import DueOut
from services.reports.roles import SERVICES

routes = Routes(prefix="/internal", tags=["reports"])


@routes.get("/quality/due")
async def get_quality_due(
    caller: Annotated[Caller, may(*SERVICES)], session: Transaction, today: Today
) -> list[DueOut]:
    """List what is due of the quality of the work within 30 days, or overdue."""
    return await quality.due(session, today)
