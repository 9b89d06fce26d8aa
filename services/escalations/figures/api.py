"""Figures: counted on request, never stored, so that all tables agree."""

from typing import Annotated

from fastapi import Query

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.problems import Invalid, responses
from chassis.db.database import Figures
from chassis.figures.asking import FiguresIncomplete, Threshold, compared
from chassis.process import ProcessDep
from chassis.web.routes import Routes
from chassis.web.service_clients import ServiceOutOfReach
from services.escalations.clients import Conferences
from services.escalations.figures import queries as figures
from services.escalations.figures.queries import (
    EscalationFiguresQuery,
    EscalationsPerConferenceQuery,
    InformalFiguresQuery,
    RepeatsQuery,
)
from services.escalations.figures.schemas import (
    EscalationFiguresOut,
    EscalationsPerConferenceOut,
    InformalFiguresOut,
    RepeatOut,
)
from services.escalations.roles import ANALYSTS, NAMERS, REPORTERS

routes = Routes(prefix="/v1/figures", tags=["figures"])

Analyst = Annotated[Caller, may(*ANALYSTS)]
Reporter = Annotated[Caller, may(*REPORTERS)]


@routes.get("/escalations", responses=responses(Invalid))
async def get_escalation_figures(
    counting: Figures,
    caller: Reporter,
    today: Today,
    threshold: Threshold,
    query: Annotated[EscalationFiguresQuery, Query()],
) -> EscalationFiguresOut:
    """Count the escalations raised in a period and what became of them, by month, agency, theme, stage and so on.

    Each of them is open, resolved or withdrawn as it is now; its stage is the one that it has or had at the end.
    Rows for periods include the cumulative count. The row without a key is the total. The chair is the owner.
    """
    return await compared(query, lambda asked: figures.count_escalations(counting, asked, today, threshold))


@routes.get("/escalations-per-conference", responses=responses(Invalid, FiguresIncomplete))
async def get_escalations_per_conference(
    counting: Figures,
    caller: Analyst,
    today: Today,
    threshold: Threshold,
    process: ProcessDep,
    query: Annotated[EscalationsPerConferenceQuery, Query()],
) -> EscalationsPerConferenceOut:
    """Count escalations about conferences for each 100 conferences held.

    Both are counted by their own day: an escalation counts when it was raised, which may be in a later period than its
    conference.
    """

    async def counted(asked: EscalationsPerConferenceQuery) -> EscalationsPerConferenceOut:
        raised = await figures.count_escalations(counting, asked.about_contributions(), today, threshold)
        return figures.per_conference(raised, await Conferences(process).held(**asked.of_conferences()))

    try:
        return await compared(query, counted)
    except ServiceOutOfReach:
        raise FiguresIncomplete(services=["conferences"], headers={"Retry-After": "5"}) from None


@routes.get("/informal", responses=responses(Invalid))
async def get_informal_figures(
    counting: Figures, caller: Reporter, threshold: Threshold, query: Annotated[InformalFiguresQuery, Query()]
) -> InformalFiguresOut:
    """Count the positive challenges and notes of good practice in a period. The row without a key is the total.

    What became of a challenge is as it is now. Good practice has no theme: by theme, it is in the total alone.
    The chair is the owner of a challenge, and whoever noted the good practice.
    """
    return await compared(query, lambda asked: figures.count_informal(counting, asked, threshold))


@routes.get("/repeats", responses=responses(Invalid))
async def get_repeats(
    counting: Figures,
    caller: Annotated[Caller, may(*NAMERS)],
    today: Today,
    query: Annotated[RepeatsQuery, Query()],
) -> list[RepeatOut]:
    """List agencies, teams or professionals that failed conferences repeatedly, most frequent first. At most 200."""
    return await figures.repeats(counting, query, today)
