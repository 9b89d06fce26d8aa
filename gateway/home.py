"""A chair's home page in one answer: what is due, planned, objected to and escalated, asked of all services at once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.access.callers import Caller, Role, may
from chassis.base.clock import Today
from gateway.asking import CARRIED, Unanswered, process_of
from gateway.routes import CONFERENCES, ESCALATIONS, REVIEWS

AHEAD = timedelta(days=14)
PLANNED_AHEAD = timedelta(days=42)
AT_MOST = "50"

routes = APIRouter(prefix="/v1", tags=["diary"])


@dataclass(frozen=True)
class Part:
    """One list of the page: which service is asked what, and the schema of its answer."""

    service: str
    path: str
    schema: str
    whose: str
    query: Mapping[str, str]

    def asked(self, chair_id: str, today: date) -> dict[str, str]:
        """The query about this chair on this day; `{soon}` and its like stand for days from today on."""
        days = {"today": today, "soon": today + AHEAD, "later": today + PLANNED_AHEAD}
        given = {name: value.format_map(days) for name, value in self.query.items()}
        return {self.whose: chair_id, "limit": AT_MOST} | given


PARTS = {
    "overdue": Part(REVIEWS, "/v1/deadlines", "DeadlinePage", "chair_id", {"overdue": "true"}),
    "due_soon": Part(REVIEWS, "/v1/deadlines", "DeadlinePage", "chair_id", {"overdue": "false", "due_to": "{soon}"}),
    "planned_reviews": Part(
        REVIEWS, "/v1/reviews", "ReviewPage", "chair_id", {"state": "planned", "planned_to": "{later}"}
    ),
    "overdue_for_conferences": Part(
        CONFERENCES, "/v1/conference-deadlines", "ConferenceDeadlinePage", "chair_id", {"overdue": "true"}
    ),
    "due_soon_for_conferences": Part(
        CONFERENCES,
        "/v1/conference-deadlines",
        "ConferenceDeadlinePage",
        "chair_id",
        {"overdue": "false", "due_to": "{soon}"},
    ),
    "planned_conferences": Part(
        CONFERENCES, "/v1/conferences", "ConferencePage", "chair_id", {"state": "planned", "planned_to": "{later}"}
    ),
    "proposals": Part(CONFERENCES, "/v1/proposals", "ProposalPage", "chair_id", {"state": "proposed"}),
    "objections": Part(REVIEWS, "/v1/decisions", "DecisionPage", "chair_id", {"state": "objected"}),
    "unanswered_escalations": Part(
        ESCALATIONS, "/v1/escalations", "EscalationPage", "owner_id", {"unanswered": "true"}
    ),
    "open_challenges": Part(ESCALATIONS, "/v1/challenges", "ChallengePage", "owner_id", {"state": "open"}),
}


def _schema() -> dict[str, Any]:
    """The parts are the services' own pages, so their schemas are named, not written again."""
    of_parts = {
        name: {"anyOf": [{"$ref": f"#/components/schemas/{part.schema}"}, {"type": "null"}]}
        for name, part in PARTS.items()
    }
    missing = {"type": "array", "items": {"type": "string"}, "description": "Services that did not answer."}
    properties = of_parts | {"missing": missing}
    return {"type": "object", "title": "Home", "properties": properties, "required": [*properties]}


@routes.get(
    "/home",
    response_class=Response,
    responses={200: {"description": "The page.", "content": {"application/json": {"schema": _schema()}}}},
)
async def get_home(
    request: Request, caller: Annotated[Caller, may(Role.CHAIR, Role.TEAM_MANAGER)], today: Today
) -> Response:
    """Everything that a chair's home page shows, the first page of each list.

    What is overdue or due within a fortnight, reviews and conferences planned for the next six weeks, escalations that
    closed conferences propose, decisions that a manager objected to, escalations without an answer, open challenges. A
    service that is down leaves its parts null and is named in `missing`.
    """
    headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
    answers = await asyncio.gather(
        *(_ask(request, part, part.asked(caller.subject, today), headers) for part in PARTS.values())
    )
    page: dict[str, Any] = dict(zip(PARTS, answers, strict=True))
    missing = sorted({PARTS[name].service for name, answer in page.items() if answer is None})
    return JSONResponse(page | {"missing": missing})


async def _ask(
    request: Request, part: Part, query: Mapping[str, str], headers: Mapping[str, str]
) -> dict[str, Any] | None:
    services = process_of(request).services
    if part.service not in services.addresses:
        return None
    try:
        status, answered = await services.ask(part.service, part.path, query=query, headers=headers)
    except Unanswered:
        return None
    return answered if status == 200 else None
