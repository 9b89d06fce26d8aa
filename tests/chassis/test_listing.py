"""A list's parameters are read at once, and everything is as if FastAPI had read them one by one."""

import asyncio
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from chassis import problems
from chassis.dates import Day
from chassis.listing import read_at_once
from chassis.pagination import Paging
from chassis.problems import NotSignedIn
from chassis.routing import Route, Router
from deploy.services import SERVICES, service_named


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


async def _asker(request: Request) -> str:
    if "authorization" not in request.headers:
        raise NotSignedIn
    return request.headers["authorization"]


Asker = Annotated[str, Depends(_asker)]


def application(route_class: type[APIRoute]) -> FastAPI:
    """A list whose parameters are of every kind that ours have."""
    routes = APIRouter(prefix="/v1", route_class=route_class)

    @routes.get("/things")
    async def list_things(
        request: Request,
        asker: Asker,
        paging: Paging,
        colour: Annotated[Colour | None, Query(description="Only of this colour.")] = None,
        since: Annotated[Day | None, Query()] = None,
        text: Annotated[str | None, Query(pattern=r"^[a-z]{2,5}$")] = None,
        open_only: Annotated[bool | None, Query()] = None,
        number: Annotated[int, Query(ge=2, le=9)] = 3,
    ) -> Response:
        """Things."""
        seen = (request.method, asker, paging.limit, paging.after, colour, since, text, open_only, number)
        assert since is None or isinstance(since, date)
        return JSONResponse([repr(one) for one in seen])

    app = FastAPI()
    problems.install(app, unavailable=lambda _: False)
    app.router.routes.extend(routes.routes)
    return app


ours, theirs = application(Route), application(APIRoute)
SAID = st.dictionaries(
    st.sampled_from(["colour", "since", "text", "open_only", "number", "limit", "cursor", "unknown"]),
    st.sampled_from(
        [
            "",
            "red",
            "green",
            "2026-02-28",
            "2026-02-30",
            "abc",
            "ABC",
            "true",
            "0",
            "maybe",
            "3",
            "10",
            "WyJhIl0",
            "é",
            "%",
        ]
    ),
)


def answered(app: FastAPI, query: str, headers: dict[str, str]) -> tuple[int, Any]:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.get(f"/v1/things?{query}", headers=headers)

    answer = asyncio.run(asked())
    return answer.status_code, answer.json()


@settings(max_examples=300, deadline=None)
@given(said=SAID, more=SAID, signed_in=st.booleans())
def test_a_list_reads_what_fastapi_would_read(said: dict[str, str], more: dict[str, str], signed_in: bool) -> None:
    """Whatever is sent, also the same parameter twice: the same values, or the same fields refused."""
    query = urlencode([*said.items(), *more.items()])
    headers = {"Authorization": "Somebody"} if signed_in else {}
    as_usual, at_once = answered(theirs, query, headers), answered(ours, query, headers)
    if as_usual[0] == 422 and [one["field"] for one in as_usual[1]["errors"]] == ["cursor"]:
        # FastAPI refuses a cursor that is none of ours before it looks at what else is wrong.
        assert at_once[0] == 422
    else:
        assert at_once == as_usual


def test_all_that_is_wrong_is_named_but_a_cursor_that_is_none_of_ours() -> None:
    """The one difference, by which the two ways of reading can be told apart."""
    query, headers = urlencode({"colour": "green", "cursor": "none"}), {"Authorization": "Somebody"}
    fields = [[one["field"] for one in answered(app, query, headers)[1]["errors"]] for app in (ours, theirs)]
    assert fields == [["colour"], ["cursor"]]


def test_a_list_is_documented_alike() -> None:
    assert application(Route).openapi() == application(APIRoute).openapi()


@pytest.mark.parametrize("name", SERVICES)
def test_every_list_of_a_service_is_read_at_once(name: str) -> None:
    """A parameter of another kind would leave it to FastAPI, unnoticed."""
    described = service_named(name)
    app = described.web(described.settings.model_construct(service_name=name, worker_in_web=False))
    routes = [route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)]
    assert [route.path for route in routes if not isinstance(route.original_route, Route)] == []
    lists = [
        route
        for route in routes
        if any(parameter.name == "cursor" for one in route.dependant.dependencies for parameter in one.query_params)
    ]
    assert lists
    assert [route.path for route in lists if read_at_once(route.dependant) is None] == []


def test_what_could_be_read_wrongly_is_left_to_fastapi() -> None:
    """A parameter that is said several times or under another name, one in the path, one that two want."""

    async def said(several: Annotated[list[str] | None, Query()] = None) -> Response: ...

    async def named(number: Annotated[int, Query(alias="n")] = 1) -> Response: ...

    async def within(person: str, number: int = 1) -> Response: ...

    async def twice(paging: Paging, limit: int = 1) -> Response: ...

    async def modelled(number: int = 1) -> dict[str, int]: ...

    async def read(number: int = 1) -> Response: ...

    ones = (said, named, within, twice, modelled, read)
    found = [read_at_once(APIRoute("/{person}" if one is within else "/", one).dependant) for one in ones]
    assert [one is None for one in found] == [True] * 5 + [False]


def test_paths_of_other_routes_pass_by() -> None:
    """With parameters or without, and a path that only begins alike."""
    routes = Router(prefix="/v1")
    for path in ("/things", "/things/{number}/parts"):
        routes.add_api_route(path, lambda: None, methods=["GET"])
    whole, part = routes.routes
    found = {
        path: [one.matches({"type": "http", "method": "GET", "path": path})[0] == Match.FULL for one in (whole, part)]
        for path in (
            "/v1/things",
            "/v1/things/",
            "/v1/things\n",
            "/v1/things/7/parts",
            "/v1/things/7",
            "/v2/things",
            "",
        )
    }
    assert found.pop("/v1/things") == [True, False]
    assert found.pop("/v1/things/7/parts") == [False, True]
    assert set(map(tuple, found.values())) == {(False, False)}
