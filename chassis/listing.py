"""How lists are asked for: their many parameters are read at once.

FastAPI describes such an endpoint from its signature like any other. By itself it would read one parameter after the
other and solve each dependency anew, which takes longer than finding the rows.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction, signature
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError, create_model
from starlette.requests import Request
from starlette.responses import Response

NOTHING: Mapping[str, Any] = MappingProxyType({})
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def read_at_once(dependant: Dependant) -> Handler | None:
    """What answers the requests of a list, reading its parameters at once; nothing where that is FastAPI's to do.

    A list has query parameters and no others. Whoever asks is known before a parameter is looked at, as everywhere.
    """
    wanted = _Wanted.of(dependant)
    return None if wanted is None else wanted.answer


@dataclass(frozen=True)
class _Call:
    """Something to be called, and what it takes; `name` is under which its answer is wanted."""

    call: Callable[..., Awaitable[Any]]
    name: str
    request: str | None
    parameters: Sequence[str]

    @classmethod
    def of(cls, dependant: Dependant) -> "_Call":
        """A dependency, or an endpoint."""
        names = [field.name for field in dependant.query_params]
        return cls(cast("Any", dependant.call), dependant.name or "", dependant.request_param_name, names)

    async def made(self, request: Request, values: Mapping[str, Any], solved: Mapping[str, Any] = NOTHING) -> Any:
        """Its answer."""
        taken = {name: values[name] for name in self.parameters}
        if self.request is not None:
            taken[self.request] = request
        return await self.call(**taken, **solved)


@dataclass(frozen=True)
class _Wanted:
    """What an endpoint wants: its dependencies, those without parameters first, and all parameters as one model."""

    endpoint: _Call
    before: Sequence[_Call]
    after: Sequence[_Call]
    parameters: type[BaseModel]

    @classmethod
    def of(cls, dependant: Dependant) -> "_Wanted | None":
        """What an endpoint wants; nothing where FastAPI alone can give it."""
        needed = dependant.dependencies
        parts = [*needed, dependant]
        every = [field for part in parts for field in part.query_params]
        fields = {field.name: field for field in every}
        is_plain = all(_is_plain(one) for one in parts) and not any(one.dependencies for one in needed)
        if not every or len(fields) < len(every) or not is_plain or not _answers(dependant.call):
            return None
        calls = [_Call.of(one) for one in needed]
        model = create_model("Parameters", **{name: _annotated(one.field_info) for name, one in fields.items()})
        before, after = ([one for one in calls if bool(one.parameters) is late] for late in (False, True))
        return cls(_Call.of(dependant), before, after, model)

    async def answer(self, request: Request) -> Response:
        """The endpoint's answer to a request."""
        solved = {one.name: await one.made(request, NOTHING) for one in self.before}
        values = self._read(request)
        for one in self.after:
            solved[one.name] = await one.made(request, values)
        answer: Response = await self.endpoint.made(request, values, solved)
        return answer

    def _read(self, request: Request) -> Mapping[str, Any]:
        query = request.scope["query_string"]
        said = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {}
        try:
            return self.parameters.model_validate(said).__dict__
        except ValidationError as error:
            errors = [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
            raise RequestValidationError(errors) from None


def _annotated(info: Any) -> Any:
    annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    return annotation, ... if info.is_required() else info.get_default(call_default_factory=True)


def _is_plain(dependant: Dependant) -> bool:
    others = (
        dependant.path_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.body_params,
        dependant.response_param_name,
        dependant.background_tasks_param_name,
        dependant.http_connection_param_name,
    )
    is_async = iscoroutinefunction(dependant.call) or iscoroutinefunction(type(dependant.call).__call__)
    return (
        is_async
        and not any(others)
        and all(one.alias == one.name and _is_single(one.field_info.annotation) for one in dependant.query_params)
    )


def _is_single(annotation: Any) -> bool:
    """Whether a parameter is said once at most."""
    if get_origin(annotation) in {Union, UnionType}:
        return all(map(_is_single, get_args(annotation)))
    return (get_origin(annotation) or annotation) not in {list, set, tuple, frozenset}


def _answers(endpoint: Any) -> bool:
    return signature(endpoint).return_annotation is Response
