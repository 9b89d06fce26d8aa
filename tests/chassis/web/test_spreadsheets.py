"""Lists and tables as CSV: whole, safe to open, and the same as the JSON."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.base import problems
from chassis.base.fields import Several
from chassis.base.problems import NotFound
from chassis.web import spreadsheets
from chassis.web.openapi import DocumentedApp
from chassis.web.ordering import cursor_after
from chassis.web.pagination import Page, PageQuery, sorted_by
from tests.support.spreadsheets import check_same, rows_of

CSV = {"Accept": "text/csv"}
# What a spreadsheet could take for something else, or a file for its own punctuation.
WORDS = ["=1+1", "+44 20", "-2", "@SUM(A1)", "\tx", "\rx", 'say "no", twice', "two\nlines", "Gwên ŵ", "", "plain =1"]


class Thing(BaseModel):
    """A row."""

    number: int
    words: str | None
    people: list[str] = Field(default_factory=list)
    parts: dict[str, Any] = Field(default_factory=dict)
    sound: bool = True
    share: float | None = None


class ThingPage(Page[Thing]):
    """A page of rows."""


class ThingsQuery(PageQuery):
    """The parameters of the list."""

    last: int = 450
    sort: str = sorted_by("number")
    ending_in: Several[int] = None


class Table(BaseModel):
    """A table of figures."""

    by: str = "month"
    rows: list[Thing]


def thing(number: int) -> Thing:
    words = None if number % 20 == 19 else WORDS[number % len(WORDS)]
    return Thing(number=number, words=words, people=["P1", "=P2"], parts={"a": [1]}, share=-0.5)


routes = APIRouter(prefix="/v1")


@routes.get("/things")
async def list_things(query: Annotated[ThingsQuery, Query()]) -> ThingPage:
    """A list in pages."""
    if query.limit == 0:
        return ThingPage(items=[], next=None, total=query.last)
    first = int(query.after[0]) + 1 if query.after else 0
    wanted = [n for n in range(first, query.last) if query.ending_in is None or n % 10 in query.ending_in]
    shown = wanted[: query.limit]
    more = len(wanted) > len(shown)
    return ThingPage(items=[thing(number) for number in shown], next=cursor_after(str(shown[-1])) if more else None)


@routes.get("/rows")
async def list_rows(count: int = 3) -> list[Thing]:
    """A short list."""
    if count > 9:
        raise NotFound
    return [thing(number) for number in range(count)]


@routes.get("/table")
async def get_table() -> Table:
    """A table."""
    return Table(rows=[thing(1), thing(19)])


@routes.get("/thing")
async def get_thing() -> Thing:
    """A single record."""
    return thing(1)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = DocumentedApp(service="things", title="Things")
    problems.install(app)
    app.include_router(routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://things") as client:
        yield client


@pytest.mark.parametrize("limit", [1, 50, 200])
async def test_a_list_is_whole_whatever_a_page_holds(client: httpx.AsyncClient, limit: int) -> None:
    answer = await client.get("/v1/things", params={"limit": limit, "last": 250}, headers=CSV)
    check_same(answer, [thing(number).model_dump() for number in range(250)])
    assert answer.headers["content-disposition"] == "attachment"


async def test_each_page_of_a_file_passes_the_same_filters(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/things", params={"limit": 3, "ending_in": [1, 7]}, headers=CSV)
    check_same(answer, [thing(number).model_dump() for number in range(450) if number % 10 in {1, 7}])


async def test_short_lists_and_tables_are_files_as_well(client: httpx.AsyncClient) -> None:
    check_same(await client.get("/v1/rows", headers=CSV), [thing(number).model_dump() for number in range(3)])
    check_same(await client.get("/v1/table", headers=CSV), [thing(1).model_dump(), thing(19).model_dump()])


async def test_a_list_without_rows_still_names_its_fields(client: httpx.AsyncClient) -> None:
    assert rows_of(await client.get("/v1/rows?count=0", headers=CSV)) == ([*Thing.model_fields], [])


async def test_nothing_begins_a_formula(client: httpx.AsyncClient) -> None:
    _, rows = rows_of(await client.get("/v1/things", headers=CSV))
    assert {row["words"] for row in rows} >= {"'=1+1", "'-2", "'\tx", "'\rx", "plain =1"}
    assert not [row for row in rows if row["words"].startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[0]["share"] == "-0.5", "a number is no text"


async def test_json_is_answered_where_it_is_asked_for_first(client: httpx.AsyncClient) -> None:
    for accept in ("*/*", "application/json", "application/json, text/csv"):
        answer = await client.get("/v1/things", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json", accept
        assert len(answer.json()["items"]) == 50
    rows_of(await client.get("/v1/things", headers={"Accept": "text/csv, application/json"}))


async def test_what_is_no_table_is_answered_as_before(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/thing", headers=CSV)).json() == thing(1).model_dump()
    for path, status in (("/v1/rows?count=10", 404), ("/v1/things?limit=0", 422), ("/v1/nothing", 404)):
        answer = await client.get(path, headers=CSV)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path


async def test_a_list_that_is_too_long_is_no_file(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 300)
    check_same(
        await client.get("/v1/things?last=300", headers=CSV), [thing(number).model_dump() for number in range(300)]
    )
    answer = await client.get("/v1/things?last=301", headers=CSV)
    assert answer.status_code == 422
    assert [error["rule"] for error in answer.json()["errors"]] == ["most_rows"]
