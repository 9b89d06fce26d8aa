"""The home page in one answer: what is due, planned, objected to and escalated, asked of each service once."""

import asyncio
import json
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response

from chassis.access.callers import Caller, may
from chassis.web.first_pages import AT_HOME
from chassis.web.routes import Routes
from gateway.asking import Unanswered, carried, process_of
from gateway.document import home_lists
from gateway.routes import CONFERENCES, ESCALATIONS, REVIEWS

# Each of these services answers with its own lists, and the document names their schemas.
SCHEMAS = {REVIEWS: "ReviewsHome", CONFERENCES: "ConferencesHome", ESCALATIONS: "EscalationsHome"}
MISSING = {"type": "array", "items": {"type": "string"}, "description": "Services that did not answer."}
HOME: dict[str, Any] = {
    "title": "Home",
    "allOf": [
        *({"$ref": f"#/components/schemas/{schema}"} for schema in SCHEMAS.values()),
        {"type": "object", "properties": {"missing": MISSING}, "required": ["missing"]},
    ],
}

routes = Routes(prefix="/v1", tags=["diary"])


@routes.get(
    "/home",
    response_class=Response,
    responses={200: {"description": "The page.", "content": {"application/json": {"schema": HOME}}}},
)
async def get_home(request: Request, caller: Annotated[Caller, may(*AT_HOME)]) -> Response:
    """Get everything that the caller's home page shows: the first page of each list that is for their roles.

    Chairs see what is overdue or due within a fortnight, reviews and conferences planned for the next six weeks,
    escalations that closed conferences propose, decisions that a manager objected to, escalations without an answer,
    and open challenges. Team managers see what is overdue in their area, objections and overdue escalations there, and
    the escalations and challenges that they own. Business support sees children without a chair, meetings to which
    nobody is invited, late records, proposals and escalations that wait. Somebody without an area in the directory sees
    all areas. Lists for other roles are left out. A service that is down leaves its lists null, and `missing` names it.
    """
    answers = await asyncio.gather(*(_lists(request, service) for service in SCHEMAS))
    missing = [service for service, lists in zip(SCHEMAS, answers, strict=True) if lists is None]
    nulls = {name: None for service in missing for name in home_lists(SCHEMAS[service], caller.roles)}
    last = json.dumps(nulls | {"missing": sorted(missing)})[1:]
    # The services' objects are joined as they are: to read and write up to 20 lists again takes longer than to ask.
    return Response(f"{{{''.join(f'{lists},' for lists in answers if lists)}{last}", media_type="application/json")


async def _lists(request: Request, service: str) -> str | None:
    """The members of the object that a service answers, as text; nothing if it is down."""
    try:
        response = await process_of(request).services.get(service, "/internal/home", carried(request))
    except Unanswered:
        return None
    return response.text[1:-1] if response.status_code == 200 else None
