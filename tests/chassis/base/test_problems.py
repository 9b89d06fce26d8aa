"""Errors reach callers as problem documents that name the field and the rule, and never the rejected value."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query
from pydantic import BaseModel, field_validator

from chassis.base import problems


class Child(BaseModel):
    """A body with rules of its own."""

    age: int

    @field_validator("age")
    @classmethod
    def _plausible(cls, age: int) -> int:
        if age > 18:
            raise ValueError("A child is not older than 18.")
        return age


class OutcomeAlreadyRecorded(problems.Problem):
    """The outcome is already recorded.

    What follows the first line is for readers of the code.
    """

    status = 409


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A small application, reached without a network."""
    app = FastAPI()
    problems.install(app)

    @app.post("/children")
    async def register_child(child: Child, page: Annotated[int, Query(ge=1)] = 1) -> dict[str, int]:
        return {"age": child.age, "page": page}

    @app.get("/children")
    async def list_children() -> None:
        raise OutcomeAlreadyRecorded("It was recorded on 1 April 2019.", reference="REV-2019-0001")

    for method in ("PUT", "GET"):
        # Each in a router of its own, as what is read and what is changed often are.
        routes = APIRouter(prefix="/plans")
        routes.add_api_route("/{number}", list_children, methods=[method])
        app.include_router(routes)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("Oliver Example, born 1 April 2010")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        yield http


async def test_a_problem_says_its_type_title_status_detail_and_further_members(client: httpx.AsyncClient) -> None:
    answer = await client.get("/children")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/outcome-already-recorded",
        "title": "The outcome is already recorded",
        "status": 409,
        "detail": "It was recorded on 1 April 2019.",
        "reference": "REV-2019-0001",
    }


@pytest.mark.parametrize(
    ("body", "query", "field", "rule"),
    [
        ({"age": "Oliver"}, "", "age", "int_parsing"),
        ({"age": 30}, "", "age", "value_error"),
        ({}, "", "age", "missing"),
        ({"age": 3}, "?page=0", "page", "greater_than_equal"),
    ],
)
async def test_a_broken_rule_names_field_and_rule_but_never_the_value(
    client: httpx.AsyncClient, body: dict[str, object], query: str, field: str, rule: str
) -> None:
    answer = await client.post("/children" + query, json=body)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == (field, rule)
    assert "Oliver" not in answer.text
    assert "30" not in answer.text


async def test_broken_json_is_400_and_a_form_is_415(client: httpx.AsyncClient) -> None:
    broken = await client.post("/children", content=b'{"age":', headers={"content-type": "application/json"})
    form = await client.post("/children", data={"age": "3"})
    assert (broken.status_code, broken.json()["type"]) == (400, "/problems/malformed")
    assert (form.status_code, form.json()["type"]) == (415, "/problems/unsupported-media-type")


async def test_a_wrong_method_names_every_method_that_the_address_knows(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/children")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


async def test_a_wrong_method_names_the_methods_of_all_routers_at_the_address(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/plans/7")
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"] == "GET, PUT"


async def test_an_unknown_address_is_a_problem_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_an_unexpected_error_is_answered_without_its_message(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    assert "Oliver" not in answer.text
