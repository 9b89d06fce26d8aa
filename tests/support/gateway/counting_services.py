"""Two services of which the gateway composes answers, as small as can be: they count, refuse and fall silent."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.access.callers import TokenReader
from chassis.base.settings import Settings
from tests.support import keys

PROBLEM = {"type": "/problems/invalid", "title": "The request is not valid.", "status": 422}


@dataclass
class ServiceClient:
    """A service that answers its table, and remembers what it was asked; `refuses` is the status of a problem."""

    path: str
    table: dict[str, Any]
    refuses: int | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its application."""
        app = FastAPI()
        app.state.process = SimpleNamespace(
            token_reader=TokenReader.of(Settings(internal_trusted_keys=keys.trusted_keys()))
        )
        app.get(self.path)(self._answer)
        return app

    async def _answer(self, request: Request) -> JSONResponse:
        request.app.state.process.token_reader.caller(request.headers["authorization"][7:])
        self.asked.append(dict(request.query_params) | {"why": request.headers.get("access-reason", "")})
        if self.refuses is not None:
            return JSONResponse(PROBLEM, self.refuses)
        return JSONResponse(self.table)
