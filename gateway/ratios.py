"""Figures that two services have to be asked for: escalations for each 100 conferences."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from chassis.access.callers import Caller, Role, may
from chassis.base.problems import MEDIA_TYPE, Invalid, Problem, responses
from chassis.figures.asking import ROWS_ARE, FiguresQuery, PeriodsBy
from gateway.asking import CARRIED, Unanswered, process_of, whole
from gateway.routes import CONFERENCES, ESCALATIONS

routes = APIRouter(prefix="/v1/figures", tags=["figures"])
# Whoever may see the figures of both services.
ANALYSTS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.PERFORMANCE_ANALYST)
# What conferences give rise to; care-planning escalations are about looked-after children.
KIND = "conference_contribution"


class FiguresIncomplete(Problem):
    """A service cannot be asked at the moment, and half of these figures says nothing."""

    status = 503


class EscalationsPerConferenceQuery(FiguresQuery):
    """The parameters of `get_escalations_per_conference`."""

    by: PeriodsBy = Field(PeriodsBy.MONTH, description=ROWS_ARE)


class EscalationsPerConferenceRowOut(BaseModel):
    """One period; the one without a key is the total."""

    key: str | None
    conferences: int | None = Field(description="Meetings held; null where a small number is left out.")
    escalations: int | None = Field(description="Escalations about contributions to conferences raised.")
    per_hundred: float | None = Field(description="Escalations for each 100 conferences.")


class EscalationsPerConferenceOut(BaseModel):
    """Escalations beside conferences, period by period."""

    by: str
    first_day: date
    last_day: date
    rows: list[EscalationsPerConferenceRowOut]


@routes.get(
    "/escalations-per-conference",
    response_model=EscalationsPerConferenceOut,
    responses=responses(Invalid, FiguresIncomplete),
)
async def get_escalations_per_conference(
    request: Request,
    caller: Annotated[Caller, may(*ANALYSTS)],
    query: Annotated[EscalationsPerConferenceQuery, Query()],
) -> Response:
    """Escalations about conferences for each 100 conferences held.

    Both are counted by their own day: an escalation counts when it was raised, which may be in a later period than its
    conference.
    """
    asked = query.model_dump(exclude_none=True) | {"suppress": str(query.suppress).lower()}
    answers = await asyncio.gather(
        _ask(request, CONFERENCES, asked), _ask(request, ESCALATIONS, asked | {"kind": KIND}), return_exceptions=True
    )
    (status, held), (other_status, raised) = whole(answers, FiguresIncomplete)
    for found_status, problem in ((status, held), (other_status, raised)):
        if found_status != 200:
            # What one of them has against the question, the caller has to know.
            return JSONResponse(problem, found_status, media_type=MEDIA_TYPE)
    about = {name: held[name] for name in ("by", "first_day", "last_day")}
    return JSONResponse(about | {"rows": side_by_side(held["rows"], raised["rows"])})


async def _ask(request: Request, service: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    services = process_of(request).services
    if service not in services.addresses:
        raise Unanswered(service)
    headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
    status, answered = await services.ask(service, f"/v1/figures/{service}", query=query, headers=headers)
    if status >= 500 or (status == 200 and not isinstance(answered.get("rows"), list)):
        raise Unanswered(service)
    return status, answered


def side_by_side(held: list[dict[str, Any]], raised: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of two tables of the same periods as one."""
    by_key = {one["key"]: one["raised"] for one in raised}
    return [
        {
            "key": one["key"],
            "conferences": one["conferences"],
            "escalations": by_key.get(one["key"]),
            "per_hundred": per_hundred(by_key.get(one["key"]), one["conferences"]),
        }
        for one in held
    ]


def per_hundred(escalations: int | None, conferences: int | None) -> float | None:
    """Escalations for each 100 conferences, with one digit after the point; none without conferences."""
    if escalations is None or not conferences:
        return None
    return round(100 * escalations / conferences, 1)
