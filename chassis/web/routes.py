"""A room's endpoints: unknown parameters are refused, and each POST can be sent again safely."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute

from chassis.base.problems import refuse
from chassis.base.validation import unknown
from chassis.web.idempotency import DECLARED, HANDED_ON, HEADER, WITHOUT_KEY, Keyed, keep, with_reused
from chassis.web.versions import tagged

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """An endpoint that refuses what it does not know.

    Its POST declares `Idempotency-Key` and keeps its answer; its GET says by a tag whether anything is new.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: list[str] | None = None,
        dependencies: Sequence[Dependency] | None = None,
        responses: dict[int | str, dict[str, Any]] | None = None,
        **options: Any,
    ) -> None:
        self.keeps = "POST" in (methods or ()) and not {WITHOUT_KEY, HANDED_ON} & {*(dependencies or ())}
        if self.keeps:
            dependencies, responses = [*(dependencies or ()), DECLARED], with_reused(responses or {})
        super().__init__(path, endpoint, methods=methods, dependencies=dependencies, responses=responses, **options)

    def get_route_handler(self) -> Handler:
        """The usual handler behind all of it."""
        handle = self._keeping(super().get_route_handler()) if self.keeps else super().get_route_handler()
        known, is_read = frozenset(parameters(self.dependant)), "GET" in (self.methods or ())

        async def answering(request: Request) -> Response:
            if request.scope["query_string"]:
                refuse(unknown(name) for name in request.query_params if name not in known)
            answer = await handle(request)
            return tagged(request, answer) if is_read else answer

        return answering

    def _keeping(self, handle: Handler) -> Handler:
        async def keeping(request: Request) -> Response:
            if HEADER not in request.headers:
                return await handle(request)
            keyed = request.state.keyed = Keyed(request)
            answer = await handle(Request(request.scope, keyed.receive))
            await keep(answer, keyed, self.response_model)
            return answer

        return keeping


class Routes(APIRouter):
    """The endpoints of a room."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, **options)


def parameters(needed: Dependant) -> Iterator[str]:
    """The parameters of the query that an endpoint takes, with all that it needs."""
    for field in needed.query_params:
        fields = getattr(field.field_info.annotation, "model_fields", None)
        yield from (inner.alias or name for name, inner in fields.items()) if fields else [field.alias]
    for further in needed.dependencies:
        yield from parameters(further)
