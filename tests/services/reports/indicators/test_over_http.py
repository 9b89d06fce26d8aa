"""Indicators over HTTP: defined, gathered from the services that count, and refused where one of them is away."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.access.callers import Role
from chassis.base import clock
from chassis.papers.directory import Directory, Names
from services.reports.indicators.definitions import INDICATORS
from tests.support.clocks import until
from tests.support.directory import directory
from tests.support.running import Running
from tests.support.serving import Client, listening

PATH = "/v1/indicators/figures"
KEYS = {"month": ("2019-04", "2019-05"), "quarter": ("2019-Q1", "2019-Q2")}


@dataclass
class Counting:
    """A service that counts, as small as can be."""

    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its application."""
        app = FastAPI()
        app.get("/v1/figures/{table:path}")(self._figures)
        app.get("/v1/chairs/caseloads")(self._caseloads)
        return app

    async def _figures(self, request: Request) -> JSONResponse:
        self.asked.append(dict(request.query_params))
        few, many = KEYS.get(request.query_params["by"], ("north", "south"))
        counts = {"reviews": 1620, "child_reviews": 1914}
        rows = [{"key": few, "reviews": 3, "child_reviews": 4}, {"key": many} | counts, {"key": None} | counts]
        return JSONResponse({"rows": rows}, self.status)

    async def _caseloads(self) -> JSONResponse:
        chairs = [("chair-1", 66, 1.0), ("chair-2", 33, 0.5)]
        return JSONResponse(
            [{"chair_id": chair, "children": many, "full_time_equivalent": post} for chair, many, post in chairs]
        )


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
async def client(running: Running, counting: Counting) -> AsyncIterator[Client]:
    async with listening(counting.app()) as address, directory() as names:
        addresses = dict.fromkeys(("reviews_url", "conferences_url", "escalations_url"), address)
        yield await running("reports", **addresses, notifications_url=names)


async def asked(client: Client, *names: str, role: Role = Role.PERFORMANCE_ANALYST, **query: Any) -> Any:
    params = {"indicator": list(names), "period": "2019-20"} | query
    return await client.get(PATH, params=params, headers=client.as_(role))


async def test_definitions_say_what_the_numbers_are(client: Client) -> None:
    answer = await client.get("/v1/indicators", headers=client.as_(Role.CHAIR))
    assert [found["name"] for found in answer.json()] == list(INDICATORS)
    assert (await client.get("/v1/indicators", headers=client.as_(Role.SOCIAL_WORK_MANAGER))).status_code == 403


async def test_a_table_is_asked_for_once_and_small_numbers_are_explained(client: Client, counting: Counting) -> None:
    names = ("reviews", "children_reviewed")
    answer = await asked(client, *names, by="area", team="Team 1", suppress=True)
    assert answer.status_code == 200, answer.text
    assert counting.asked == [{"period": "2019-20", "by": "area", "team": "Team 1"}]
    table, left_out = answer.json()["table"], answer.json()["left_out"]
    assert [row[0] for row in table["rows"]] == ["north", "south"] and table["indicators"] == list(names)
    assert table["rows"][0][1:] == [{"fewer_than": 5}] * 2
    assert [(gone["row"], gone["why"]) for gone in left_out] == [("north", "small")] * 2 + [
        ("south", "would_reveal")
    ] * 2


async def test_caseloads_are_those_of_today_and_chairs_have_their_names(client: Client) -> None:
    answer = await asked(client, "caseload", "full_time_equivalent", "caseload_for_full_time", by="chair")
    assert answer.json()["table"]["rows"] == [["Ilva Thornbury", 66, 1.0, 66.0], ["chair-2", 33, 0.5, 66.0]]
    assert answer.json()["table"]["total_row"] == ["Total", 99, 1.5, 66.0]


async def test_more_names_are_asked_for_than_are_answered_at_once(client: Client) -> None:
    names = await Directory(client.process).names([f"chair-{number}" for number in range(300)], [])
    assert (names.colleague("chair-1"), names.colleague("chair-299")) == ("Ilva Thornbury", "chair-299")


@pytest.mark.parametrize(
    ("query", "words"), [("chair_id=chair-1", "chair Ilva Thornbury"), ("area_id=west", "area West of the river")]
)
async def test_a_page_about_a_chair_or_an_area_has_its_name(client: Client, query: str, words: str) -> None:
    answer = await client.get(f"/v1/indicators/page?{query}", headers=client.as_(Role.TEAM_MANAGER))
    assert words in answer.text and "chair-1" not in answer.text


async def test_the_directory_is_asked_once_for_a_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[list[str]] = []

    async def names(_: Directory, colleagues: Iterable[str], agencies: Iterable[str], areas: Iterable[str]) -> Names:
        asked_for.append([*colleagues, *sorted(agencies), *areas])
        return Names([])

    monkeypatch.setattr(Directory, "names", names)
    headers = client.as_(Role.TEAM_MANAGER)
    assert (await client.get("/v1/indicators/page?chair_id=chair-1", headers=headers)).status_code == 200
    assert asked_for == [["chair-1", "north", "south"]]


async def test_areas_have_their_names(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KEYS, "area", ("south", "west"))
    answer = await asked(client, "reviews", by="area")
    assert [row[0] for row in answer.json()["table"]["rows"]] == ["West of the river", "south"]


async def test_half_of_the_figures_is_none(client: Client, counting: Counting) -> None:
    counting.status = 503
    answer = await asked(client, "reviews", by="area")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/figures-incomplete")


@pytest.mark.parametrize(
    ("names", "query", "field_name"),
    [
        (["cakes"], {}, "indicator"),
        (["reviews"], {"by": "theme"}, "by"),
        (["reviews"], {"period": "soon"}, "period"),
        (["reviews"], {"until": "2018-19"}, "until"),
        (["reviews"], {"period": "2012-13", "compare": True}, "period"),
        (["escalations"], {"team": "Team 1"}, "team"),
    ],
)
async def test_a_wrong_question_is_refused(
    client: Client, counting: Counting, names: list[str], query: dict[str, Any], field_name: str
) -> None:
    answer = await asked(client, *names, **query)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field_name])
    assert counting.asked == []


async def test_a_page_ends_with_the_month_of_today(client: Client) -> None:
    with clock.shifted(until(date(2019, 4, 20))):
        answer = await client.get("/v1/indicators/page?period=2019-20", headers=client.as_(Role.TEAM_MANAGER))
    assert "April 2019" in answer.text and "May 2019" not in answer.text


@pytest.mark.parametrize("field_name", ["area_id", "chair_id", "team"])
@pytest.mark.parametrize("value", ["a%00b", "x" * 3000])
async def test_a_page_of_what_nobody_is_called_is_refused(client: Client, field_name: str, value: str) -> None:
    answer = await client.get(f"/v1/indicators/page?{field_name}={value}", headers=client.as_(Role.TEAM_MANAGER))
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field_name])


async def test_managers_see_their_figures_as_a_page_with_charts(client: Client, counting: Counting) -> None:
    answer = await client.get("/v1/indicators/page?team=Team+1", headers=client.as_(Role.TEAM_MANAGER))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "How many reviews are held?" in answer.text and "<svg" in answer.text
    assert "How many children does a full-time post have?" not in answer.text, "posts are not counted by team"
    assert {query["team"] for query in counting.asked} == {"Team 1"}
    social_worker = await client.get("/v1/indicators/page", headers=client.as_(Role.SOCIAL_WORK_MANAGER))
    assert social_worker.status_code == 403
