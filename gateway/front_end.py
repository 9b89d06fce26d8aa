"""What a front end asks first: who is signed in, what they may do, which day it is, and the words for people."""

import json
from functools import cache
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python

from chassis.access.callers import Caller, signed_in
from chassis.base.clock import LONDON, Now, Today
from chassis.law.working_days import is_working_day
from chassis.web.routes import Routes
from gateway.asking import Unanswered, carried, process_of
from gateway.document import allowed, vocabulary
from gateway.routes import NOTIFICATIONS

routes = Routes(prefix="/v1", tags=["diary"])
LIST = {"type": "array", "items": {"type": "string"}}
COLLEAGUE = {"anyOf": [{"$ref": "#/components/schemas/ColleagueOut"}, {"type": "null"}]}
ME: dict[str, Any] = {
    "title": "Me",
    "type": "object",
    "properties": {
        "subject": {"type": "string", "description": "Who signed in: the colleague's identifier in the directory."},
        "roles": LIST | {"description": "The roles that the sign-in service gives them."},
        "colleague": COLLEAGUE | {"description": "Their entry in the directory; null where there is none."},
        "may": LIST | {"description": "The operations that they may call, by `operationId`."},
        "now": {"type": "string", "format": "date-time", "description": "The council's present moment."},
        "today": {"type": "string", "format": "date", "description": "The council's present day."},
        "time_zone": {"type": "string", "description": "The time zone of every day in this API."},
        "working_day": {"type": "boolean", "description": "Whether today is a working day."},
        "missing": LIST | {"description": "Services that did not answer: `colleague` is null then as well."},
    },
}
ME["required"] = [*ME["properties"]]


@routes.get("/me", responses={200: {"description": "Who.", "content": {"application/json": {"schema": ME}}}})
async def get_me(request: Request, caller: Annotated[Caller, signed_in()], now: Now, today: Today) -> Response:
    """Get who is signed in, what they may do, and which day and time it is for the council."""
    may = allowed(caller.roles)
    colleague, missing = None, []
    if "get_colleague" in may:
        path = f"/v1/colleagues/{caller.subject}"
        try:
            status, answered = await process_of(request).services.ask(NOTIFICATIONS, path, carried(request))
            colleague = answered if status == 200 else None
        except Unanswered:
            missing.append(NOTIFICATIONS)
    found = {
        "subject": caller.subject,
        "roles": sorted(caller.roles),
        "colleague": colleague,
        "may": may,
        "now": now,
        "today": today,
        "time_zone": str(LONDON),
        "working_day": is_working_day(today),
        "missing": missing,
    }
    return JSONResponse(to_jsonable_python(found))


class WordOut(BaseModel):
    """A value, and the word for people."""

    value: str = Field(description="The value, as requests and answers have it.")
    label: str = Field(description="The word for people.")
    code: str | None = Field(description="Its code in the national return; null where it is not returned as such.")


class WordsOut(BaseModel):
    """The values of an enum of this document."""

    description: str = Field(description="What the enum is about.")
    national_return: str | None = Field(description="The return whose codes the values are: `SSDA903` or `CIN`.")
    values: list[WordOut] = Field(description="Its values, in the order of the document.")


@routes.get(
    "/vocabulary",
    dependencies=[signed_in()],
    response_model=dict[str, WordsOut],
)
async def get_vocabulary() -> Response:
    """Get the word for people of every value of every enum, by the enum's name. It changes with a version alone."""
    return Response(_vocabulary(), media_type="application/json", headers={"Cache-Control": "private, no-cache"})


@cache
def _vocabulary() -> bytes:
    return json.dumps(vocabulary(), ensure_ascii=False).encode()
