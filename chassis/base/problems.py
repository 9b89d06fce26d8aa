"""Errors that a caller can act on, answered as RFC 9457 problem documents.

A problem is a class: its docstring is the title, its name is the type, and what the caller needs to act on it
travels as further members.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar, Self

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from chassis.base.validation import violations_of
from chassis.law.violations import Violation

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()


class FieldError(BaseModel):
    """One thing wrong with the request: where it is and the rule it breaks, never the rejected value."""

    field: str = Field(description="Where: the path of the field, such as `escalations.2.agency_id`.")
    rule: str = Field(description="The rule that it breaks, as a stable word for programs.")
    message: str = Field(description="The same for people.")


class ProblemDocument(BaseModel):
    """What went wrong, after RFC 9457; problems may carry further members that their endpoint documents."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str = Field(
        description="The kind of problem, one of `x-problems`: the address of a page that says what to do."
    )
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status of the answer.")
    detail: str | None = Field(default=None, description="What is wrong this time.")
    errors: list[FieldError] | None = Field(default=None, description="Each field at fault.")


class Problem(Exception):
    """The request could not be carried out."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail or self.title())
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")

    @classmethod
    def type(cls) -> str:
        """The class's name as a relative reference: `/problems/outcome-already-recorded`."""
        return "/problems/" + re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def document(self) -> dict[str, Any]:
        """The problem as a JSON-ready mapping."""
        document: dict[str, Any] = {"type": self.type(), "title": self.title(), "status": self.status}
        if self.detail:
            document["detail"] = self.detail
        document |= jsonable_encoder(self.members)
        return document

    def response(self) -> Response:
        """The problem as an answer; the gateway shows people a page instead."""
        return JSONResponse(self.document(), status_code=self.status, headers=self.headers, media_type=MEDIA_TYPE)


class Malformed(Problem):
    """The request is not well formed."""

    status = 400


class NotSignedIn(Problem):
    """The request carries no valid proof of who is asking."""

    status = 401

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **members)


class Forbidden(Problem):
    """You are not allowed to do this."""

    status = 403


class NotFound(Problem):
    """There is nothing at this address."""

    status = 404


class MethodNotAllowed(Problem):
    """This address does not know that method."""

    status = 405


class Conflict(Problem):
    """The request contradicts what is already so."""

    status = 409


class VersionStale(Problem):
    """Somebody else changed this in the meantime: read it again before you change it."""

    status = 412


class TooLarge(Problem):
    """The request is larger than this address takes."""

    status = 413


class UnsupportedMediaType(Problem):
    """The request's body is of a media type that this address does not take."""

    status = 415


class Invalid(Problem):
    """Some fields of the request break a rule."""

    status = 422

    @classmethod
    def of(cls, violations: Iterable[Violation]) -> Self:
        """The problem of these fields: of each where it is and the rule that it breaks."""
        return cls(errors=[asdict(violation) for violation in violations])

    @classmethod
    def field(cls, field: str, rule: str, message: str) -> Self:
        """The problem of a single field."""
        return cls.of([Violation(field, rule, message)])


def refuse(violations: Iterable[Violation | None], at: str = "") -> None:
    """Refuse a request that breaks rules: `Invalid` with each field at fault; `at` is where the fields stand."""
    if found := [replace(violation, field=at + violation.field) for violation in violations if violation]:
        raise Invalid.of(found)


class VersionMissing(Problem):
    """A change must say which version it was decided on, in If-Match."""

    status = 428


class TooManyRequests(Problem):
    """Too many requests in too short a time."""

    status = 429


class Unexpected(Problem):
    """Something went wrong on our side; it has been logged under the request's id."""

    status = 500


class Unavailable(Problem):
    """The service cannot answer at the moment."""

    status = 503


_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind for kind in (Malformed, NotSignedIn, Forbidden, NotFound, MethodNotAllowed, Conflict)
} | {kind.status: kind for kind in (TooLarge, UnsupportedMediaType, Invalid, TooManyRequests, Unavailable)}

# These can be answered to any request, whatever the endpoint.
EVERYWHERE: tuple[type[Problem], ...] = (Malformed, NotSignedIn, Forbidden, Invalid, Unexpected)


def responses(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses` of an endpoint that can answer these problems."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(kind.title())
    return {
        status: {
            "description": "; or: ".join(dict.fromkeys(lines)),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, lines in sorted(titles.items())
    }


def install(
    app: FastAPI,
    unavailable: Callable[[Exception], bool] = lambda _: False,
    record: Callable[[Request, Problem], Awaitable[None]] | None = None,
) -> None:
    """Answer every error of an application as a problem document.

    `unavailable` recognises errors which mean that a dependency is out of reach; `record` is called with each problem.
    """

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        if record is not None:
            await record(request, error)
        return error.response()

    async def unexpected(_: Request, error: Exception) -> Response:
        if unavailable(error):
            log.warning("dependency_unavailable", exc_info=error)
            return Unavailable(headers={"Retry-After": "5"}).response()
        log.error("request_failed", exc_info=error)
        return Unexpected().response()

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, unexpected)


async def _validation(request: Request, error: Exception) -> Response:
    """What fails validation: broken JSON is 400, another media type 415, broken rules 422.

    Nothing can be at an address of the wrong form, unless it is put there now.
    """
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    untyped = any(error["loc"] == ("body",) and error["type"].startswith(("model_", "dict_")) for error in errors)
    problem: Problem = Invalid.of(violations_of(errors, error.body))
    if request.method != "PUT" and any(error["loc"][0] == "path" for error in errors):
        problem = NotFound()
    elif any(error["loc"] == ("header", "If-Match") and error["type"] == "missing" for error in errors):
        problem = VersionMissing()
    elif any(error["type"] == "json_invalid" for error in errors):
        problem = Malformed("The body is not valid JSON.")
    elif untyped and "json" not in request.headers.get("content-type", ""):
        problem = UnsupportedMediaType("Send application/json.")
    return problem.response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = _BY_STATUS.get(error.status_code, Unexpected)().response()
    if error.status_code == MethodNotAllowed.status:
        answer.headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return answer


def _methods_at(request: Request) -> set[str]:
    """Every method that this address knows: the framework names those of the first matching route alone."""
    routes = iter_route_contexts(request.app.routes)
    here = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in here for method in route.methods or ()}
