"""Escalations for each 100 conferences: this service counts the ones, and asks conferences for the others."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.access.callers import Role
from chassis.base import clock
from services.escalations.figures.queries import per_hundred
from services.escalations.figures.schemas import EscalationsPerConferenceOut
from tests.support.escalations.desk import CARE_PLANNING, Desk
from tests.support.running import Running
from tests.support.serving import listening

PATH = "/v1/figures/escalations-per-conference"
YEAR = str(clock.today().year)
HELD = [{"key": YEAR, "conferences": 12, "cumulative": 12}, {"key": None, "conferences": 12, "cumulative": None}]


@dataclass
class Conferences:
    """The figures of the conferences service, as small as can be."""

    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its application."""
        app = FastAPI()
        app.get("/v1/figures/conferences")(self._answer)
        return app

    async def _answer(self, request: Request) -> JSONResponse:
        self.asked.append(dict(request.query_params))
        return JSONResponse({"by": "calendar_year", "rows": HELD}, self.status)


@pytest.fixture
def conferences() -> Conferences:
    return Conferences()


@pytest.fixture
async def counting(running: Running, conferences: Conferences) -> AsyncIterator[Desk]:
    """An escalations service that asks those conferences, with three escalations about them and one about care."""
    async with listening(conferences.app()) as address:
        desk = await Desk.open(running, conferences_url=address)
        for name in ("First", "Second", "Third"):
            await desk.raised(professional_name=name)
        await desk.raised(CARE_PLANNING)
        yield desk


async def figures(desk: Desk, query: dict[str, str], role: Role = Role.CHAIR) -> httpx.Response:
    return await desk.get(PATH, role=role, **query)


async def test_both_stand_side_by_side(counting: Desk) -> None:
    answer = await figures(counting, {"period": YEAR, "by": "calendar_year"})
    assert answer.status_code == 200, answer.text
    EscalationsPerConferenceOut.model_validate_json(answer.content, strict=True)
    row = {"conferences": 12, "escalations": 3, "per_hundred": 25.0}
    assert answer.json() == {
        "by": "calendar_year",
        "first_day": f"{YEAR}-01-01",
        "last_day": f"{YEAR}-12-31",
        "suppressed_below": None,
        "rows": [{"key": YEAR} | row, {"key": None} | row],
        "compared": None,
    }


async def test_the_same_question_is_asked_of_conferences(counting: Desk, conferences: Conferences) -> None:
    query = {"period": YEAR, "by": "quarter", "area_id": "north", "suppress": "true"}
    assert (await figures(counting, query)).status_code == 200
    assert conferences.asked == [query]


async def test_without_conferences_there_is_no_half_of_a_figure(counting: Desk, conferences: Conferences) -> None:
    conferences.status = 503
    answer = await figures(counting, {"period": YEAR})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/figures-incomplete")
    assert answer.json()["services"] == ["conferences"]


@pytest.mark.parametrize(
    "query", [{}, {"period": "2019", "by": "agency"}, {"period": "x" * 11}, {"period": "2019", "by": "half"}]
)
async def test_a_wrong_question_is_refused(counting: Desk, conferences: Conferences, query: dict[str, str]) -> None:
    answer = await figures(counting, query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert conferences.asked == []


async def test_analysts_may_ask_and_those_who_see_no_figures_may_not(counting: Desk) -> None:
    for role, status in ((Role.PERFORMANCE_ANALYST, 200), (Role.SOCIAL_WORK_MANAGER, 403), (Role.ADMINISTRATOR, 403)):
        assert (await figures(counting, {"period": YEAR}, role)).status_code == status


@pytest.mark.parametrize(
    ("escalations", "conferences", "found"),
    [(325, 774, 42.0), (0, 5, 0.0), (3, 0, None), (None, 20, None), (3, None, None), (1, 3, 33.3)],
)
def test_the_ratio(escalations: int | None, conferences: int | None, found: float | None) -> None:
    assert per_hundred(escalations, conferences) == found
