"""Two services of which the gateway composes answers, as small as can be: they list, count, refuse and fall silent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.callers import TokenReader
from chassis.settings import Settings
from tests import keys

PROBLEM = {"type": "/problems/invalid", "title": "The request is not valid.", "status": 422}


@dataclass
class Sister:
    """A service that answers what it was told to, and remembers what it was asked.

    `hidden` are the person numbers that it shows to a subject not at all; `refuses` is the status of a problem.
    """

    path: str
    children: Sequence[dict[str, Any]] = ()
    table: dict[str, Any] = field(default_factory=dict)
    hidden: dict[str, set[str]] = field(default_factory=dict)
    refuses: int | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its application."""
        app = FastAPI()
        app.state.work = SimpleNamespace(
            token_reader=TokenReader.of(Settings(internal_trusted_keys=keys.trusted_keys()))
        )
        app.get(self.path)(self._answer)
        return app

    async def _answer(self, request: Request) -> JSONResponse:
        caller = request.app.state.work.token_reader.caller(request.headers["authorization"][7:])
        self.asked.append(dict(request.query_params) | {"why": request.headers.get("access-reason", "")})
        if self.refuses is not None:
            return JSONResponse(PROBLEM, self.refuses)
        if self.table:
            return JSONResponse(self.table)
        shown = [one for one in self.children if one["person_id"] not in self.hidden.get(caller.subject, ())]
        begins = int(request.query_params.get("cursor", "0"))
        ends = begins + int(request.query_params["limit"])
        following = str(ends) if ends < len(shown) else None
        return JSONResponse({"items": shown[begins:ends], "next": following})
