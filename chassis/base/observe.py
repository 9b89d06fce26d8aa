"""What ops can see of a process: request ids, and metrics by route template."""

import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from prometheus_client import Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.base.fields import new_id

REQUEST_ID = b"x-request-id"
_SOUND_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.-]{8,100}")
UNKNOWN_ROUTE = "unknown"

REQUESTS = Histogram(
    "http_request_duration_seconds",
    "How long requests took, by route template.",
    ["service", "method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
BUILD = Gauge("build_information", "The version that runs; the value is always 1.", ["service", "build"])
LOOP_OVERDUE = Gauge(
    "loop_overdue_seconds", "How long ago a loop should have said that it is alive; 0 if it did.", ["service", "loop"]
)
POOL_IN_USE = Gauge("database_connections_in_use", "Pooled connections handed out.", ["service", "engine"])

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


def request_id() -> str | None:
    """The id of the request to which is traced what is logged and published now, if there is one."""
    identifier: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return identifier


class Observed:
    """Gives every request an id, and when it is answered counts it and logs it by its route template.

    The raw path is never logged: it can hold a child's number or the secret of a link.
    """

    def __init__(self, app: ASGIApp, service: str, templates: Callable[[], dict[Any, str]]) -> None:
        self.app = app
        self.service = service
        self._find_templates = templates
        self._templates: dict[Any, str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see what becomes of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        identifier = _given_or_new(scope)
        structlog.contextvars.bind_contextvars(request_id=identifier)
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID, identifier.encode())]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            self._count(scope, status, time.perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        if self._templates is None:
            self._templates = self._find_templates()
        route = self._templates.get(scope.get("endpoint"), UNKNOWN_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        REQUESTS.labels(self.service, method, route, status).observe(seconds)
        if not route.startswith(("/health", "/metrics")):
            milliseconds = round(seconds * 1000, 1)
            log.info("request_answered", method=method, route=route, status=status, milliseconds=milliseconds)


def _given_or_new(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == REQUEST_ID and _SOUND_REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return str(new_id())


def route_templates(app: FastAPI) -> dict[Any, str]:
    """The path template of each endpoint function, included routers' ones too."""
    return {
        route.endpoint: route.path
        for route in iter_route_contexts(app.routes)
        if route.endpoint is not None and route.path is not None
    }
