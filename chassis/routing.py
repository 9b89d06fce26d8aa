"""How all endpoints are made: quickly found, named for their action, with the problems that any request can get."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from chassis import problems
from chassis.too_large import TooLargeAsProblem

# Imports of history say their own, larger limit on their endpoint.
MAX_BODY = 1024 * 1024
READS = frozenset({"GET"})


class Route(APIRoute):
    """A route that paths that are none of its own pass by at once.

    Where nothing but reading is possible no body is looked for.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if set(options.get("methods") or READS) <= READS:
            options["max_body_size"] = None
        super().__init__(path, endpoint, **options)
        if self.max_body_size is not None:
            self.app = TooLargeAsProblem(self.app)
        self._begins, self._goes_on, _ = self.path.partition("{")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for this route."""
        path: str = scope.get("path", "")
        if not path.startswith(self._begins) or not (self._goes_on or path == self._begins):
            return Match.NONE, {}
        return super().matches(scope)


class Router(APIRouter):
    """A router whose routes an application takes as they are.

    An application that includes a router looks for the route of each request twice, in one router after the other; for
    a single record that takes longer than all else that FastAPI does.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            route_class=Route,
            responses=problems.responses(*problems.EVERYWHERE),
            generate_unique_id_function=_action_name,
            max_body_size=MAX_BODY,
            **options,
        )


def _action_name(route: APIRoute) -> str:
    return route.name
