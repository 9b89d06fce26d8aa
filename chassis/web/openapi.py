"""An application whose OpenAPI document says what it does: roles, problems, and operations named as their actions."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.access.callers import ROLES, RoleGuard
from chassis.base import observe, problems
from chassis.base.problems import TooLarge
from chassis.web import spreadsheets


class TooLargeAsProblem:
    """Says in a problem document that a body is too large, which Starlette says in plain text past every handler."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see what it is answered."""
        replaced = False

        async def answer(message: Message) -> None:
            nonlocal replaced
            if message.get("status") == TooLarge.status and _is_plain(message):
                replaced = True
                problem = TooLarge().response()
                await problem(scope, receive, send)
            elif not replaced:
                await send(message)

        await self.app(scope, receive, answer)


class HeadAsGet:
    """Answers HEAD wherever GET is answered, and alike: the server leaves the body out, for which it is still HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as GET; what is noted in its scope is for whoever observes it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        try:
            await self.app(asked, receive, send)
        finally:
            scope.update(asked, method="HEAD")


def _is_plain(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")


# The same as in pyproject.toml; a test holds them together.
VERSION = "0.1.0"
# Imports of history state their own, larger limit on their endpoint.
MAX_BODY = 1024 * 1024


class DocumentedApp(FastAPI):
    """A FastAPI application of ours: observed, and with a complete document."""

    def __init__(self, *, service: str, **options: Any) -> None:
        super().__init__(
            version=VERSION,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            responses=problems.responses(*problems.EVERYWHERE),
            generate_unique_id_function=lambda route: route.name,
            max_body_size=MAX_BODY,
            middleware=[Middleware(spreadsheets.Spreadsheets)],
            # It would hand on raw paths, which can hold the secret of a link.
            telemetry={"tracing": False, "metrics": False, "logs": False},
            **options,
        )
        self.service = service

    def unobserved(self) -> ASGIApp:
        """The usual stack."""
        return HeadAsGet(TooLargeAsProblem(super().build_middleware_stack()))

    def build_middleware_stack(self) -> ASGIApp:
        """The same observed from the outside, so that even a failure is counted and carries its id."""
        return observe.Observed(self.unobserved(), self.service, lambda: observe.route_templates(self))

    def openapi(self) -> dict[str, Any]:
        """The document, with the shared problem and the roles of each operation."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas |= _problem_schemas()
            spreadsheets.describe(document, self)
            roles = roles_by_operation(self)
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    if "{" in path and method != "put":
                        operation["responses"].setdefault("404", problems.responses(problems.NotFound)[404])
                    operation[ROLES] = roles[method.upper(), path]
        return self.openapi_schema or {}


def roles_by_operation(app: FastAPI) -> dict[tuple[str, str], list[str]]:
    """The roles that may call each operation, by method and path; none where nobody needs to be signed in."""
    return {
        (method, route.path_format): sorted(guard.roles) if (guard := _guard(route.dependant)) else []
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.path_format is not None
        for method in route.methods or ()
    }


def _guard(dependant: Dependant) -> RoleGuard | None:
    return next((needed.call for needed in _all(dependant) if isinstance(needed.call, RoleGuard)), None)


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for needed in dependant.dependencies:
        yield from _all(needed)


def _problem_schemas() -> dict[str, Any]:
    template = "#/components/schemas/{model}"
    problem = problems.ProblemDocument.model_json_schema(ref_template=template)
    schemas: dict[str, Any] = problem.pop("$defs")
    return schemas | {"Problem": problem}
